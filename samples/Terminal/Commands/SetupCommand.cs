using System.CommandLine;
using System.Globalization;
using System.Net;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary><c>setup</c>: writes the settings, and looks whether the servers answer and know the person.</summary>
static class SetupCommand
{
    public static Command Make()
    {
        var server = new Option<string?>("--server") { Description = "The download server's address", HelpName = "URL" };
        var social = new Option<string?>("--social") { Description = "The social network server's, if it is another host", HelpName = "URL" };
        var person = new Option<string?>("--person") { Description = "Who you are there", HelpName = "ID" };
        var token = new Option<string?>("--token") { Description = "Your token there; - reads it from standard input", HelpName = "TOKEN" };
        var socialToken = new Option<string?>("--social-token") { Description = "Your token at the social network server, if it is another one", HelpName = "TOKEN" };
        var allow = new Option<string[]>("--allow") { Description = "A host that may be fetched from although it is not public", HelpName = "HOST:PORT" };
        var downloads = new Option<string?>("--downloads") { Description = "Where finished downloads are saved [default: ~/Downloads]", HelpName = "FOLDER" };
        var data = new Option<string?>("--data-server") { Description = "The server with your space, if it is another host", HelpName = "URL" };
        var listen = new Option<string?>("--listen") { Description = "Where to listen for other terminals; none: nowhere, then this one only downloads", HelpName = "ADDRESS:PORT" };
        var page = new Option<string?>("--page") { Description = "A port of this machine for a page that shows which source gives which chunk, while it runs; none: no page", HelpName = "PORT" };
        var address = new Option<string[]>("--address") { Description = "Where other terminals reach this one [default: where it listens]", HelpName = "ADDRESS:PORT" };
        var command = new Command("setup", "Says which servers, and who you are; what is left out stays as it was.")
        {
            server, social, data, person, token, socialToken, allow, downloads, listen, address, page,
        };
        return command.Does(async (shell, parse, cancellationToken) =>
        {
            var before = TerminalSettings.Load(shell.DataFolder);
            var given = parse.GetValue(person);
            var settings = new TerminalSettings
            {
                DataFolder = shell.DataFolder,
                Server = AddressOf(parse.GetValue(server)) ?? before?.Server ?? throw Needed("--server"),
                SocialServer = AddressOf(parse.GetValue(social)) ?? before?.SocialServer,
                Person = given is null ? before?.Person ?? throw Needed("--person") : PersonOf(given),
                Token = Secret(parse.GetValue(token)) ?? before?.Token ?? throw Needed("--token"),
                SocialToken = Secret(parse.GetValue(socialToken)) ?? before?.SocialToken,
                Downloads = parse.GetValue(downloads) is { } folder ? Path.GetFullPath(folder) : before?.Downloads ?? DefaultDownloads(shell.DataFolder),
                DataServer = AddressOf(parse.GetValue(data)) ?? before?.DataServer,
                Listen = parse.GetValue(listen) is { } at ? at == "none" ? null : PlaceOf(at) : before?.Listen,
                Addresses = parse.GetValue(address) is { Length: > 0 } places ? [.. places.Select(PlaceOf)]
                    : parse.GetValue(listen) is { } own && own != "none" ? ReachedAt(PlaceOf(own)) : before?.Addresses ?? [],
                Page = parse.GetValue(page) is { } port ? port == "none" ? null : PortOf(port) : before?.Page,
                Allow = [.. (before?.Allow ?? []).Concat(parse.GetValue(allow) ?? []).Distinct(StringComparer.OrdinalIgnoreCase)],
            };
            await CheckAsync(settings, parse.GetValue(Shell.Verbose), cancellationToken);
            settings.Save();
            shell.Print(
                new { settings.Server, settings.SocialServer, settings.DataServer, settings.Person, settings.Downloads, settings.Allow, settings.Listen, settings.Addresses, settings.Page, Data = settings.DataFolder },
                s =>
                {
                    shell.Say($"{s.Person} at {s.Server}. Downloads go to {s.Downloads}; everything else is in {s.Data}.");
                    shell.Say(Reachable(settings));
                    if (s.Page is { } port)
                    {
                        shell.Say($"While it runs, http://localhost:{port}/ shows what it fetches, to everybody on this machine.");
                    }
                });
            return ExitCodes.Ok;
        });
    }

    /// <summary>Whether others can reach this terminal, as far as it can be said.</summary>
    internal static string Reachable(TerminalSettings settings) => settings switch
    {
        { Listen: null } => "It only downloads: it does not listen for other terminals (sharing setup --listen ADDRESS:PORT).",
        { Addresses: [] } => $"It only downloads: nobody can reach this terminal at {settings.Listen} (sharing setup --address ADDRESS:PORT).",
        _ => $"Other terminals reach it at {string.Join(", ", settings.Addresses)}.",
    };

    /// <summary>One that listens everywhere is reached at its own addresses, which are not known from here.</summary>
    static IReadOnlyList<string> ReachedAt(string listen) => IPEndPoint.Parse(listen) is var at && (at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any)) ? [] : [listen];

    static string PlaceOf(string text) => IPEndPoint.TryParse(text, out var place) && place.Port > 0
        ? place.ToString()
        : throw new SharingException(ProblemCodes.InvalidInput, $"'{text}' is no address with a port, such as 0.0.0.0:7400.");

    static int PortOf(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
        ? port
        : throw new SharingException(ProblemCodes.InvalidInput, $"'{text}' is no port, such as 7500.");

    internal static PersonId PersonOf(string text) => PersonId.TryParse(text, out var id)
        ? id
        : throw new SharingException(ProblemCodes.InvalidInput, $"'{text}' cannot be a person's id.");

    internal static string? Secret(string? given) => given == "-"
        ? Console.In.ReadLine()?.Trim() is { Length: > 0 } line ? line : throw new SharingException(ProblemCodes.InvalidInput, "Standard input holds no token.")
        : given;

    static async Task CheckAsync(TerminalSettings settings, bool verbose, CancellationToken cancellationToken)
    {
        await using var servers = TerminalHost.Servers(settings, verbose);
        await CheckAsync(servers, settings.Server, "v1/networks", settings.Token, cancellationToken);
        await CheckAsync(
            servers, settings.SocialServer ?? settings.Server, "v1/feed?count=1",
            settings.SocialServer is null ? settings.Token : settings.SocialToken ?? settings.Token, cancellationToken);
    }

    static async Task CheckAsync(IServiceProvider servers, Uri server, string path, string token, CancellationToken cancellationToken)
    {
        var http = servers.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        var connection = new ServerConnection(http, server, (_, _) => ValueTask.FromResult<string?>(token));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        using var response = await connection.SendAsync(null, request, cancellationToken)
            ?? throw new SharingException(ProblemCodes.RoleNotHere, $"{server} answers, but not as that kind of Sharing server.");
    }

    static Uri? AddressOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new SharingException(ProblemCodes.InvalidInput, $"'{text}' is no http or https address.");
    }

    static string DefaultDownloads(string data)
    {
        var usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Downloads");
        return Directory.Exists(usual) ? usual : Path.Combine(data, "downloads");
    }

    static SharingException Needed(string option) => new(ProblemCodes.InvalidInput, $"{option} is needed the first time.");
}
