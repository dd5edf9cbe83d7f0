using System.CommandLine;
using Sharing.Offline;
using Spectre.Console;

namespace Sharing.Terminal.Commands;

/// <summary>Where posts go: <c>networks</c>, <c>connect</c>, <c>disconnect</c>, <c>acquaintances</c>.</summary>
static class NetworkCommands
{
    public static IEnumerable<Command> Make() => [Networks(), Connect(), Disconnect(), Acquaintances()];

    public static Argument<string> Network() => new("NETWORK") { Description = "A network's name" };

    static Command Networks() => new Command("networks", "Shows the social networks that the download server publishes at.").Does(
        async (shell, _, cancellationToken) =>
        {
            Print(shell, await shell.At<IAccounts>().ListAsync(shell.Me, cancellationToken));
            return ExitCodes.Ok;
        });

    static Command Connect()
    {
        var network = Network();
        var server = new Option<string?>("--server") { Description = "Where your account is, such as example.social, for a network that has many servers", HelpName = "SERVER" };
        var account = new Option<string?>("--name") { Description = "What it is called there, for a network that wants to know", HelpName = "NAME" };
        var token = new Option<string?>("--token") { Description = "What opens your account there; left out, it is asked for or read from standard input", HelpName = "TOKEN" };
        return new Command("connect", "Connects your account at a network: every post goes there from now on.") { network, server, account, token }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var (name, secret) = (parse.GetValue(network)!, parse.GetValue(token));
                var wants = (await shell.At<IAccounts>().ListAsync(shell.Me, cancellationToken)).FirstOrDefault(state => state.Network == name) ?? throw CommandLine.Missing($"network called {name} at this server");
                secret = !wants.NeedsToken ? null : secret is null && !Console.IsInputRedirected && !shell.Json
                    ? await new TextPrompt<string>($"Token for {Markup.Escape(name)}:").Secret().ShowAsync(AnsiConsole.Console, cancellationToken)
                    : SetupCommand.Secret(secret ?? "-");
                var login = new AccountToken(secret, Address(parse.GetValue(server)), parse.GetValue(account));
                await shell.At<IAccounts>().ConnectAsync(shell.Me, name, login, cancellationToken);
                Print(shell, await shell.At<IAccounts>().ListAsync(shell.Me, cancellationToken));
                return ExitCodes.Ok;
            });
    }

    /// <summary>An address as people say it: a host's name is enough.</summary>
    static Uri? Address(string? server) => server is null ? null
        : Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : "https://" + server, UriKind.Absolute, out var address) ? address
        : throw new SharingException(ProblemCodes.InvalidInput, $"'{server}' is no server's address.");

    static Command Disconnect()
    {
        var network = Network();
        return new Command("disconnect", "Forgets your account at a network.") { network }.Does(async (shell, parse, cancellationToken) =>
        {
            var name = parse.GetValue(network)!;
            var forgotten = await shell.At<IAccounts>().DisconnectAsync(shell.Me, name, cancellationToken);
            if ((await shell.At<IAccounts>().ListAsync(shell.Me, cancellationToken)).Any(network => network.Network == name && network.Connected))
            {
                throw new SharingException(ProblemCodes.NotFound, $"{name} is part of this server: there is nothing to disconnect.");
            }

            if (!forgotten)
            {
                throw CommandLine.Missing($"account of yours at {name}");
            }

            shell.Print(new { disconnected = name }, _ => shell.Say($"{name} is forgotten."));
            return ExitCodes.Ok;
        });
    }

    static Command Acquaintances()
    {
        var network = Network();
        return new Command("acquaintances", "Shows whom your account at a network follows, who follows it, and who of them is here: you can befriend them.") { network }.Does(async (shell, parse, cancellationToken) =>
        {
            var name = parse.GetValue(network)!;
            var found = await shell.At<IAcquaintances>().ListAsync(shell.Me, name, cancellationToken) ?? throw CommandLine.Missing($"account of yours at a network called {name} that tells who follows whom");
            if (found.Fault is { } fault)
            {
                throw new SharingException(ProblemCodes.Busy, fault);
            }

            shell.Print(found, static all => Output.Table(
                ["ACCOUNT", "YOU FOLLOW", "FOLLOWS YOU", "HERE"],
                all.Accounts.Select(static one => (IReadOnlyList<string>)[one.Name, one.Follows ? "yes" : "", one.FollowedBy ? "yes" : "", one.Person?.Value ?? ""])));
            return ExitCodes.Ok;
        });
    }

    static void Print(Shell shell, IReadOnlyList<NetworkState> networks) => shell.Print(networks, all => Output.Table(
        ["NETWORK", "CONNECTED", "ACCOUNT", "CAN SHOW TO"],
        all.Select(n => (IReadOnlyList<string>)
            [n.Network, n.Connected ? "yes" : "no", n.Name ?? n.Server?.Host ?? "", string.Join(", ", n.Audiences.Select(a => a.ToString().ToLowerInvariant()))])));
}
