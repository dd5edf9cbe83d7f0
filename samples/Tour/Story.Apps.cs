using Sharing.Apps;

namespace Sharing.Tour;

public sealed partial class Story
{
    static readonly AppId Settings = AppId.Parse("io.appium.settings");

    static readonly DeviceProfile Phone = new() { Sdk = 30, Abis = ["arm64-v8a"], Width = 1080, Height = 1920, Density = 480 };

    static readonly AppId Demos = AppId.Parse("io.appium.android.apis");

    /// <summary>A folder of real packages (tests/data/apks/fetch.sh fetches them); without one the chapter is told as far as it goes.</summary>
    internal static string? Packages => (Environment.GetEnvironmentVariable("SHARING_APKS") ?? Path.Combine(Path.GetTempPath(), "sharing-test-apks")) is var folder && Directory.Exists(Path.Combine(folder, "repository")) ? folder : null;

    /// <summary>A server that keeps the packages of one app, and looks for others in a repository.</summary>
    IEnumerable<string> AppSettings()
    {
        yield return $"--Sharing:ShopLinks:{Settings}=https://apps.apple.com/app/id1";
        if (Packages is { } folder)
        {
            var kept = Directory.CreateDirectory(Path.Combine(_folder, "packages")).FullName;
            foreach (var path in Directory.GetFiles(Path.Combine(folder, "real"), "settings-*.apk"))
            {
                File.Copy(path, Path.Combine(kept, Path.GetFileName(path)));
            }

            foreach (var path in Directory.GetFiles(Path.Combine(folder, "repository")))
            {
                _origin.Serve(Path.GetFileName(path), File.ReadAllBytes(path));
            }

            yield return $"--Sharing:Packages={kept}";
            yield return $"--Sharing:Fdroid:0:Address={_origin.Address}";
            yield return $"--Sharing:Fdroid:0:Fingerprint={File.ReadAllText(Path.Combine(folder, "made", "a.sha256")).Trim()}";
        }
    }

    /// <summary>A1 to A9.</summary>
    async Task AppsAsync()
    {
        _board.Chapter("Anna and Carl are found by contacts they share; Carl gets an app of hers in the build that fits");
        await using var carl = await Terminal.StartAsync(Path.Combine(_folder, "apps"), _carlIs, _download.Address, _social.Address);
        await _anna.AddressBook.RegisterAsync(_anna.Person, ["0171 1234567", "030 901820", "doctor@example.org"], "DE");
        var registered = await carl.AddressBook.RegisterAsync(carl.Person, ["+49 171 1234567", "+49 (0)30 901820"], "GB");
        var found = await carl.Radar.FriendsAsync(carl.Person).ToListAsync();
        _board.Check("A1", registered == 2, "they registered their address books; no number left a terminal, only what the server cannot read");
        _board.Check("A2", found is [{ Shared: 2, Confirmed: false }] && found[0].Person == _anna.Person, "two contacts in common, spelt differently, make them friends");

        await _anna.Apps.SaveAsync(_anna.Person, new() { Apps = [new() { App = Settings, Name = "Settings" }] });
        var shown = await carl.Apps.OfAsync(carl.Person, _anna.Person);
        var stranger = await carl.Apps.OfAsync(carl.Person, _ben.Person);
        var nobody = await carl.Apps.OfAsync(carl.Person, PersonId.Parse("nobody"));
        _board.Check("A3", shown.Apps is [{ App: var app }] && app == Settings, "she shows one app, to friends");
        _board.Check("A4", (stranger.Refusal, nobody.Refusal) == (AppListRefusal.NotAvailable, AppListRefusal.NotAvailable), "strangers get the answer that they get of nobody");
        var pushed = await _anna.Apps.PushAsync(_anna.Person, carl.Person);
        await carl.Apps.SaveAsync(carl.Person, new() { Receives = false });
        var refused = await _anna.Apps.PushAsync(_anna.Person, carl.Person);
        _board.Check("A5", (pushed.State, refused.State) == (AppPushState.Sent, AppPushState.NotReceiving) && await carl.Apps.ReceivedAsync(carl.Person).CountAsync() == 1, "she pushes her list to him; once he takes none, she is told");

        var shop = await carl.Getter.GetAsync(new() { App = Settings, Device = new() { Os = "ios" } }, new FolderInstaller(_folder));
        _board.Check("A7", shop is { Match.ShopLink.Host: "apps.apple.com", Installed: null }, "an iPhone is led to its own shop");
        if (Packages is null)
        {
            _board.Tell("A6, A8 and A9 want real packages: tests/data/apks/fetch.sh FOLDER, then SHARING_APKS=FOLDER.");
            return;
        }

        var got = await carl.Getter.GetAsync(new() { App = Settings, Device = Phone }, new FolderInstaller(Path.Combine(_folder, "phone")));
        _board.Check("A6", got is { Match.Best.Version: "8.0.10", Installed: not null }, $"one tap: {got?.Match.Best?.App} {got?.Match.Best?.Version}, checked, is at the installer");
        var demos = await carl.Getter.GetAsync(new() { App = Demos, Device = Phone }, new FolderInstaller(Path.Combine(_folder, "phone")));
        _board.Check("A8", demos is { Match.Best.Version: "5.0.0", Installed: not null } && _origin.Requests("apidemos-5.0.0.apk") > 0, "what the server lacks it fetches from an F-Droid repository, checks, keeps and passes on");
        var old = await carl.Getter.GetAsync(new() { App = Settings, Device = Phone with { Sdk = 16 } }, new FolderInstaller(_folder));
        _board.Check("A9", old is { Installed: null, Match.Nearest: not null }, $"on an old phone nothing fits: {old?.Match.Nearest?.Failed[0]}");
    }
}
