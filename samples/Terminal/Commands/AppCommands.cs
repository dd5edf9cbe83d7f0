using System.CommandLine;
using System.Text.Json;
using Sharing.Apps;
using Sharing.Core;
using Spectre.Console;

namespace Sharing.Terminal.Commands;

/// <summary>Apps: <c>apps scan</c>, <c>apps share</c>, <c>apps of</c>, <c>apps push</c>, <c>apps received</c>, <c>apps why</c>, <c>apps get</c>, <c>apps device</c>.</summary>
static class AppCommands
{
    static readonly Argument<string> App = new("APP") { Description = "An app's id, e.g. org.example.player" };

    static readonly Argument<string> Person = new("PERSON") { Description = "A person's id, or a friend's number or mail address" };

    static readonly Option<string?> Device = new("--device") { Description = "A JSON file that describes the device [default: what apps device remembered]", HelpName = "FILE" };

    static readonly Option<string?> From = new("--from")
    {
        Description = "What is installed: dpkg, a folder of APKs, or a JSON file (a list, or an F-Droid export) [default: dpkg]", HelpName = "SOURCE",
    };

    public static Command Make() => new("apps", "Shows your friends the apps you choose, and gets theirs in the build that fits your device.")
    {
        Scan(), Share(), Of(), Push(), Received(), Why(), Get(), Remember(),
    };

    static Command Scan() => new Command("scan", "Lists what is installed here. Nothing is shared by it.") { From }.Does(async (shell, parse, cancellationToken) =>
    {
        var (_, apps) = await InstalledAsync(parse, cancellationToken);
        shell.Print(apps, found => Table(found.Select(static app => (app.App, app.Name, app.Version))));
        return ExitCodes.Ok;
    });

    static Command Share()
    {
        var apps = new Argument<string[]>("APP") { Description = "The apps to show, instead of those shown before; none: shows nothing", Arity = ArgumentArity.ZeroOrMore };
        var everyone = new Option<bool>("--everyone") { Description = "To everyone" };
        var to = new Option<string[]>("--to") { Description = "Only to these friends, or these groups of them (group:family)", HelpName = "PERSON", AllowMultipleArgumentsPerToken = true };
        var noPushes = new Option<bool>("--no-pushes") { Description = "Take no lists that friends push" };
        var mute = new Option<string[]>("--mute") { Description = "Drop what these friends push; they are not told", HelpName = "PERSON", AllowMultipleArgumentsPerToken = true };
        return new Command("share", "Says which of your apps friends see.") { apps, everyone, to, noPushes, mute, From }.Does(async (shell, parse, cancellationToken) =>
        {
            var named = parse.GetValue(to) is { Length: > 0 } people ? PeopleCommands.AudienceOf(people) : null;
            var audience = parse.GetValue(everyone) ? Audience.Everyone : named ?? Audience.Friends;
            var (os, installed) = parse.GetValue(apps) is { Length: > 0 } ? await InstalledAsync(parse, cancellationToken) : ("android", []);
            var byId = installed.DistinctBy(static app => app.App).ToDictionary(static app => app.App);
            var shown = parse.GetValue(apps)!.Select(AppOf).Select(app => byId.GetValueOrDefault(app) ?? throw new SharingException(ProblemCodes.InvalidInput, $"{app} is not installed here. What is, says: sharing apps scan")).ToList();
            var sharing = new AppSharing
            {
                Apps = [.. shown.Select(app => new SharedApp { App = app.App, Os = os, Name = app.Name, Version = app.Version, VersionCode = app.VersionCode, Audience = audience })],
                Receives = !parse.GetValue(noPushes), Muted = [.. (parse.GetValue(mute) ?? []).Select(SetupCommand.PersonOf)],
            };
            await shell.At<IAppLists>().SaveAsync(shell.Me, sharing, cancellationToken);
            shell.Print(sharing, s => shell.Say(s.Apps.Count == 0 ? "You show none of your apps." : $"You show {s.Apps.Count} of your apps to {(parse.GetValue(everyone) ? "everyone" : named is null ? "your friends" : "the friends named")}."));
            return ExitCodes.Ok;
        });
    }

    static Command Of() => new Command("of", "Shows the apps that somebody shows you.") { Person }.Does(async (shell, parse, cancellationToken) =>
    {
        var answer = await shell.At<IAppLists>().OfAsync(shell.Me, await PeopleCommands.WhoAsync(shell, parse.GetValue(Person)!, cancellationToken), cancellationToken);
        shell.Print(answer, a =>
        {
            if (a.Refusal is null)
            {
                Table(a.Apps.Select(static app => (app.App, app.Name, app.Version)));
            }
            else
            {
                shell.Say(a.Refusal == AppListRefusal.NothingShared ? "Your friend shows you none of his apps." : "There is no such list, or it is not for you.");
            }
        });
        return answer.Refusal is null ? ExitCodes.Ok : ExitCodes.Of(ProblemCodes.NotFound);
    });

    static Command Push() => new Command("push", "Brings your list to a friend's attention.") { Person }.Does(async (shell, parse, cancellationToken) =>
    {
        var push = await shell.At<IAppLists>().PushAsync(shell.Me, await PeopleCommands.WhoAsync(shell, parse.GetValue(Person)!, cancellationToken), cancellationToken);
        shell.Print(push, p => shell.Say(p.State switch
        {
            AppPushState.Sent => "Sent.",
            AppPushState.NotReceiving => "He takes no lists.",
            AppPushState.NothingShared => "You show him none of your apps. Begin with: sharing apps share APP",
            _ => "You are no friends.",
        }));
        return push.State == AppPushState.Sent ? ExitCodes.Ok : ExitCodes.Of(ProblemCodes.NotAllowed);
    });

    static Command Received() => new Command("received", "Shows the lists that friends pushed to you.").Does(async (shell, _, cancellationToken) =>
    {
        var lists = await shell.At<IAppLists>().ReceivedAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(lists, all =>
        {
            foreach (var list in all)
            {
                shell.Say($"{list.From}, {Output.Time(list.At)}");
                Table(list.Apps.Select(static app => (app.App, app.Name, app.Version)));
            }
        });
        return ExitCodes.Ok;
    });

    static Command Why() => new Command("why", "Says which build of an app fits your device, and why the others do not.") { App, Device }.Does(async (shell, parse, cancellationToken) =>
    {
        var match = await shell.At<ICompatibilityMatcher>().MatchAsync(await RequestAsync(shell, parse.GetValue(App)!, parse.GetValue(Device), cancellationToken), cancellationToken) ?? throw CommandLine.Missing("such app");
        shell.Print(match, m => Explain(shell, m));
        return match.Best is null ? ExitCodes.Of(ProblemCodes.NotFound) : ExitCodes.Ok;
    });

    static Command Get()
    {
        var into = new Option<string?>("--into") { Description = "The folder for the package, or adb, or dpkg [default: the folder of downloads]", HelpName = "WHERE" };
        return new Command("get", "Gets an app in the build that fits your device, checks it, and installs it.") { App, Device, into }.Does(async (shell, parse, cancellationToken) =>
        {
            var installer = parse.GetValue(into) switch
            {
                "adb" => CommandInstaller.Adb,
                "dpkg" => CommandInstaller.Dpkg,
                { } folder => new FolderInstaller(Path.GetFullPath(folder)),
                _ => (IAppInstaller)Downloads(shell),
            };
            return await GetAsync(shell, await RequestAsync(shell, parse.GetValue(App)!, parse.GetValue(Device), cancellationToken), installer, cancellationToken);
        });
    }

    /// <summary>Gets an app that somebody sent: in the build that fits the device that is remembered, into the folder of downloads.</summary>
    public static async Task<int> GetAsync(Shell shell, string app, CancellationToken cancellationToken) =>
        await GetAsync(shell, await RequestAsync(shell, app, null, cancellationToken), Downloads(shell), cancellationToken);

    static FolderInstaller Downloads(Shell shell) => new(shell.Settings.Downloads ?? Path.Combine(shell.DataFolder, "apps"));

    static async Task<int> GetAsync(Shell shell, AppRequest request, IAppInstaller installer, CancellationToken cancellationToken)
    {
        var gotten = await shell.Kept<AppGetter>().GetAsync(request, installer, cancellationToken: cancellationToken) ?? throw CommandLine.Missing("such app");
        if (gotten is { Installed: not null, Match.Best.Content: { } content })
        {
            await shell.Kept<IContentStore>().DeleteAsync(content, cancellationToken); // the installer has it, and this store is for fetching alone
        }

        shell.Print(gotten, g =>
        {
            if (g.Installed is null)
            {
                Explain(shell, g.Match);
            }
            else
            {
                shell.Say($"{g.Match.Best!.App} {g.Match.Best.Version}: {g.Installed}");
            }
        });
        return gotten.Installed is not null || gotten.Match.ShopLink is not null ? ExitCodes.Ok : ExitCodes.Of(ProblemCodes.NotFound);
    }

    static Command Remember()
    {
        var file = new Argument<string>("FILE") { Description = "A JSON file: {\"sdk\": 34, \"abis\": [\"arm64-v8a\"], \"width\": 1080, \"height\": 2400, \"density\": 420}" };
        return new Command("device", "Remembers the device for which apps are got.") { file }.Does(async (shell, parse, cancellationToken) =>
        {
            var device = await ReadAsync(parse.GetValue(file)!, cancellationToken);
            await File.WriteAllTextAsync(DeviceFile(shell), JsonSerializer.Serialize(device, AppsJson.Default.DeviceProfile), cancellationToken);
            shell.Print(device, d => shell.Say($"Apps are got for {d.Model ?? d.Os}, API {d.Sdk}, {string.Join(", ", d.Abis)}."));
            return ExitCodes.Ok;
        });
    }

    static void Explain(Shell shell, AppMatch match)
    {
        shell.Say(match switch
        {
            { Best: { } best } => $"{best.Version ?? best.VersionCode.ToString(System.Globalization.CultureInfo.InvariantCulture)} fits.",
            { ShopLink: { } shop } => $"Get it at {shop}",
            { Nearest: { } near } => $"Nothing fits. Nearest is {near.Package.Version}: {string.Join("; ", near.Failed)}.",
            _ => "Nothing fits.",
        });
        foreach (var candidate in match.Candidates.Where(static candidate => candidate.Failed.Count > 0))
        {
            shell.Say($"  {candidate.Package.Version} ({candidate.Package.VersionCode})");
            foreach (var rule in candidate.Failed)
            {
                shell.Say($"    {rule}");
            }
        }
    }

    static async Task<AppRequest> RequestAsync(Shell shell, string app, string? device, CancellationToken cancellationToken)
    {
        var file = device ?? (File.Exists(DeviceFile(shell)) ? DeviceFile(shell)
            : throw new SharingException(ProblemCodes.InvalidInput, "Which device? Say it once with: sharing apps device FILE"));
        return new() { App = AppOf(app), Device = await ReadAsync(file, cancellationToken) };
    }

    static async Task<DeviceProfile> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(file, cancellationToken), AppsJson.Default.DeviceProfile) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"{file} does not describe a device: {e.Message}", e);
        }
    }

    static async Task<(string Os, List<InstalledApp> Apps)> InstalledAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        IAppScanner scanner = parse.GetValue(From) switch
        {
            null or "dpkg" => new DpkgScanner(),
            { } folder when Directory.Exists(folder) => new ApkFolderScanner(folder, static (path, error) => Console.Error.WriteLine(Output.Plain($"{path}: {error.Message}"))),
            { } file => new ListFileScanner(file),
        };
        return (scanner.Os, await scanner.ScanAsync(cancellationToken).OrderBy(static app => app.App.Value, StringComparer.Ordinal).ToListAsync(cancellationToken));
    }

    static void Table(IEnumerable<(AppId App, string? Name, string? Version)> apps)
    {
        var table = new Table { Border = TableBorder.None }.AddColumns("App", "Name", "Version");
        foreach (var (app, name, version) in apps)
        {
            table.AddRow(new Text(app.Value), new Text(Output.Plain(name ?? "")), new Text(Output.Plain(version ?? "")));
        }

        AnsiConsole.Write(table);
    }

    static AppId AppOf(string text) => AppId.TryParse(text, out var app) ? app : throw new SharingException(ProblemCodes.InvalidInput, $"'{Output.Plain(text)}' is no app's id.");

    static string DeviceFile(Shell shell) => Path.Combine(shell.DataFolder, "device.json");
}
