using System.Runtime.InteropServices;

namespace Sharing.Messaging;

/// <summary>What a manifest may say.</summary>
static class HandlerRules
{
    const int MostFiles = 1000, MostKinds = 50, MaxText = 200;
    const long MostBytes = 128L << 20;

    static readonly string[] s_devices = ["con", "prn", "aux", "nul"];

    /// <exception cref="HandlerRefusedException">It says something else.</exception>
    public static void Require(HandlerManifest manifest)
    {
        Require(IsName(manifest.Id, "abcdefghijklmnopqrstuvwxyz0123456789.-") && manifest.Version > 0 && IsText(manifest.Title) && IsText(manifest.Gives), "A handler has an id, a version from 1 on, a title, and gives a media type.");
        Require(manifest.Kinds.Count is > 0 and <= MostKinds && manifest.Kinds.All(static kind => IsText(kind.MediaType) && kind.MediaType.Contains('/', StringComparison.Ordinal) && IsMagic(kind.Magic)), $"A handler opens 1 to {MostKinds} kinds.");
        Require(manifest.Files.Count <= MostFiles && manifest.Files.Sum(static file => Math.Max(0, file.Length)) <= MostBytes, $"A package has at most {MostFiles} files and {MostBytes} bytes.", HandlerFault.TooLarge);
        Require(manifest.Files.All(static file => file.Length >= 0 && IsPath(file.Path)), "A path in a package has lower-case letters, digits, dots, hyphens and underscores, and slashes between its parts.");
        Require(manifest.Files.Select(static file => file.Path).Distinct(StringComparer.Ordinal).Count() == manifest.Files.Count, "Two files of the package have one name.");
        Require(manifest.Files.Any(file => file.Path == manifest.Entry), "The file that is run is not in the package.");
        Require(manifest.Interpreter is null || (manifest.Interpreter.StartsWith("/usr/", StringComparison.Ordinal) && !manifest.Interpreter.Contains("..", StringComparison.Ordinal) && manifest.Interpreter.Length <= MaxText), "A program that runs it is below /usr.");
    }

    /// <summary>Whether it runs here.</summary>
    public static bool IsForHere(string platform) => platform is "any" || platform == RuntimeInformation.RuntimeIdentifier
        || (OperatingSystem.IsLinux() && platform == $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");

    static bool IsPath(string path) => path.Length is > 0 and <= MaxText && path is not (HandlerPackage.ManifestName or HandlerPackage.SignatureName)
        && path.Split('/').All(static part => IsName(part, "abcdefghijklmnopqrstuvwxyz0123456789.-_") && part[0] != '.' && part[^1] != '.' && !s_devices.Contains(part.Split('.')[0]));

    static bool IsName(string text, string characters) => text.Length is > 0 and <= MaxText && !text.AsSpan().ContainsAnyExcept(characters) && text is not ("." or "..");

    static bool IsText(string text) => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl);

    static bool IsMagic(string? magic) => magic is null || (magic.Length is > 0 and <= 128 && magic.Length % 2 == 0 && magic.All(char.IsAsciiHexDigit));

    static void Require(bool holds, string message, HandlerFault fault = HandlerFault.Malformed)
    {
        if (!holds)
        {
            throw new HandlerRefusedException(fault, message);
        }
    }
}
