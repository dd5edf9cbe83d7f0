using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>The device that a visitor gets apps for, as he said once on a page; his browser keeps it.</summary>
/// <param name="Sdk">The API level; 0: a device of Apple's.</param>
/// <param name="Abi">The processor.</param>
sealed record VisitorDevice(int Sdk, string Abi)
{
    const string Cookie = "sharing-device", Apple = "ios";

    static readonly (int Sdk, string Name)[] Versions =
    [
        (36, "16"), (35, "15"), (34, "14"), (33, "13"), (32, "12L"), (31, "12"), (30, "11"), (29, "10"), (28, "9"), (27, "8.1"), (26, "8.0"), (25, "7.1"), (24, "7.0"), (23, "6.0"), (22, "5.1"), (21, "5.0"),
    ];

    // Each runs what stands after it, too.
    static readonly (string Abi, string Name, string[] Runs)[] Processors =
    [
        ("arm64-v8a", "ARM, 64 bits (most phones)", ["arm64-v8a", "armeabi-v7a", "armeabi"]), ("armeabi-v7a", "ARM, 32 bits", ["armeabi-v7a", "armeabi"]),
        ("x86_64", "Intel or AMD, 64 bits", ["x86_64", "x86"]), ("x86", "Intel or AMD, 32 bits", ["x86"]), ("riscv64", "RISC-V", ["riscv64"]),
    ];

    public string Name => Sdk == 0 ? "iPhone or iPad" : string.Create(CultureInfo.InvariantCulture, $"Android {Versions.Single(version => version.Sdk == Sdk).Name}, {Abi}");

    public DeviceProfile Profile => Sdk == 0 ? new() { Os = Apple } : new() { Sdk = Sdk, OsVersion = Versions.Single(version => version.Sdk == Sdk).Name, Abis = Processors.Single(processor => processor.Abi == Abi).Runs };

    /// <summary>What the visitor said; <c>null</c>: nothing yet.</summary>
    public static VisitorDevice? Of(HttpContext context) => context.Request.Cookies[Cookie]?.Split(' ') is [var sdk, var abi] ? Read(sdk, abi) : null;

    /// <summary>Keeps what a form says.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: there is no such device.</exception>
    public static void Keep(HttpContext context, IFormCollection form)
    {
        var (sdk, abi) = ((string?)form["sdk"] ?? "", (string?)form["abi"] ?? "");
        if (Read(sdk, abi) is null)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "Please choose your device from the lists.");
        }

        context.Response.Cookies.Append(Cookie, $"{sdk} {abi}", new()
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = PagesSite.Page(context, "/apps"), IsEssential = true,
        });
    }

    /// <summary>The two lists to choose from.</summary>
    public static Html Fields(VisitorDevice? chosen)
    {
        Html Option(string value, string name, bool isChosen) => isChosen ? (Html)$"""<option value="{value}" selected>{name}</option>""" : $"""<option value="{value}">{name}</option>""";
        var sdks = Html.Each(Versions, version => Option(version.Sdk.ToString(CultureInfo.InvariantCulture), $"Android {version.Name}", chosen?.Sdk == version.Sdk));
        var abis = Html.Each(Processors, processor => Option(processor.Abi, processor.Name, chosen?.Abi == processor.Abi));
        return $"""
            <label for="sdk">System</label>
            <select id="sdk" name="sdk" required>{sdks}{Option(Apple, "iPhone or iPad", chosen?.Sdk == 0)}</select>
            <label for="abi">Processor</label>
            <select id="abi" name="abi" required>{abis}</select>
            """;
    }

    static VisitorDevice? Read(string sdk, string abi) =>
        !Array.Exists(Processors, processor => processor.Abi == abi) ? null
        : sdk == Apple ? new(0, abi)
        : int.TryParse(sdk, CultureInfo.InvariantCulture, out var level) && Array.Exists(Versions, version => version.Sdk == level) ? new(level, abi) : null;
}
