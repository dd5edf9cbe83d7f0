using System.CommandLine;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary>The download list: <c>add</c>, <c>list</c>, <c>pause</c>, <c>resume</c>, <c>cancel</c>.</summary>
static class DownloadCommands
{
    public static IEnumerable<Command> Make() =>
    [
        Add(), List(),
        Change("pause", "Pauses an item; what is there stays.", DownloadCommand.Pause, "paused"),
        Change("resume", "Lets an item go on: at once where sharing runs, else with the next 'run' or 'get'.", DownloadCommand.Resume, "queued"),
        Change("cancel", "Removes an item and what it has fetched; a saved file stays.", DownloadCommand.Cancel, "removed"),
    ];

    /// <summary>An item's number.</summary>
    public static Argument<int> Number() => new("NUMBER") { Description = "The item's number in the list" };

    public static DownloadId IdOf(int number) => number > 0 ? new(number) : throw CommandLine.Missing($"item {number}");

    public static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new SharingException(ProblemCodes.InvalidInput, $"'{text}' is no http or https address.");

    public static string StateOf(DownloadItem item) => item switch
    {
        { State: DownloadState.Failed, Failure: { } why } => $"failed: {why}",
        { State: DownloadState.Running, Source: null } => "queued",
        _ => item.State.ToString().ToLowerInvariant(),
    };

    static Command Add()
    {
        var addresses = new Argument<string[]>("ADDRESS") { Description = "Addresses, or links of posts", Arity = ArgumentArity.OneOrMore };
        return new Command("add", "Adds to the list; fetched at once where sharing runs, else with the next 'run' or 'get'.") { addresses }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var wanted = parse.GetValue(addresses)!.Select(AddressOf).ToList();
                var list = await shell.ListAsync(cancellationToken);
                var added = new List<DownloadItem>();
                foreach (var address in wanted)
                {
                    added.Add(await list.AddAsync(shell.Me, new DownloadRequest { Address = address }, cancellationToken));
                }

                shell.Print(added, all => all.ForEach(item => shell.Say($"{item.Id}  {item.Resource.Name}")));
                return ExitCodes.Ok;
            });
    }

    static Command List() => new Command("list", "Shows the download list.").Does(async (shell, _, cancellationToken) =>
    {
        var items = await (await shell.ListAsync(cancellationToken)).ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(items, all =>
        {
            if (all.Count == 0)
            {
                shell.Say("The list is empty. Begin with: sharing get ADDRESS");
                return;
            }

            Output.Table(["NO", "STATE", "NAME", "DONE", "SPEED", "SOURCE", "SHARED"], all.Select(item => (IReadOnlyList<string>)
            [
                item.Id.ToString(), StateOf(item), item.Resource.Name, Output.Done(item),
                item is { State: DownloadState.Running, Source: not null } ? Output.Bytes(item.BytesPerSecond) + "/s" : "",
                item.Source ?? "", item.SharedAs?.Value[..8] ?? "",
            ]));
        });
        return ExitCodes.Ok;
    });

    static Command Change(string name, string description, DownloadCommand change, string done)
    {
        var number = Number();
        return new Command(name, description) { number }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = IdOf(parse.GetValue(number));
            var item = await (await shell.ListAsync(cancellationToken)).ChangeAsync(shell.Me, id, change, cancellationToken) ?? throw CommandLine.Missing($"item {id}");
            shell.Print(item, i => shell.Say(
                i.State == DownloadState.Finished && change != DownloadCommand.Cancel ? $"{i.Id}  {i.Resource.Name} is finished." : $"{i.Id}  {i.Resource.Name}: {done}"));
            return ExitCodes.Ok;
        });
    }
}
