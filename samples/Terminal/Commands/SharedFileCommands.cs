using System.CommandLine;
using System.Globalization;
using Sharing.P2P;

namespace Sharing.Terminal.Commands;

/// <summary>What is in a person's space: <c>shares</c>; and who else has a share: <c>peers</c>.</summary>
static class SharedFileCommands
{
    public static IEnumerable<Command> Make() => [Shares(), Peers()];

    /// <summary>A file's state in a word or two.</summary>
    public static string StateOf(FolderFile file) => file switch
    {
        { State: FolderFileState.Failed, Failure: ProblemCodes.QuotaExceeded } => "failed: your space is full",
        { State: FolderFileState.Failed, Failure: { } why } => $"failed: {why}",
        { State: FolderFileState.Hashing or FolderFileState.Uploading, Length: > 0 } =>
            string.Create(CultureInfo.InvariantCulture, $"{file.State.ToString().ToLowerInvariant()} {100 * file.Done / file.Length} %"),
        _ => file.State.ToString().ToLowerInvariant(),
    };

    /// <summary>Ends a share.</summary>
    public static async Task<int> RemoveAsync(Shell shell, ShareLink link, CancellationToken cancellationToken)
    {
        if (!await shell.At<IShares>().RemoveAsync(shell.Me, link.Share, cancellationToken))
        {
            throw CommandLine.Missing("such share of yours");
        }

        shell.Print(new { removed = link.Share }, _ => shell.Say("It is shared no more. Whoever has it keeps it."));
        return ExitCodes.Ok;
    }

    static Command Shares() => new Command("shares", "Shows what is in your space, with the links.").Does(async (shell, _, cancellationToken) =>
    {
        var own = await shell.At<IShares>().ListAsync(shell.Me, cancellationToken).OrderByDescending(static share => share.Created).ToListAsync(cancellationToken);
        var files = await (await shell.SessionAsync(run: false, cancellationToken)).Folders.FilesAsync(shell.Me, null, cancellationToken).ToListAsync(cancellationToken);
        var links = files.Where(static file => file.Share is not null).ToDictionary(static file => file.Share!.Value, static file => file.Link!);
        var all = own.Select(share => new
        {
            share.Id, share.Name, share.Length, share.Created, share.Audience,
            Link = links.TryGetValue(share.Id, out var link) ? link : new ShareLink { Server = shell.Settings.Space, Share = share.Id }.ToString(),
        }).ToList();
        shell.Print(all, shares =>
        {
            if (shares.Count == 0)
            {
                shell.Say("Your space is empty. Begin with: sharing share-folder PATH");
                return;
            }

            Output.Table(["NAME", "SIZE", "SINCE", "WITH", "LINK"], shares.Select(static share => (IReadOnlyList<string>)
                [share.Name, Output.Bytes(share.Length), Output.Time(share.Created), share.Audience.Kind.ToString().ToLowerInvariant(), share.Link]));
        });
        return ExitCodes.Ok;
    });

    static Command Peers()
    {
        var link = new Argument<string>("LINK") { Description = "A share's link" };
        return new Command("peers", "Shows which terminals have a share, or fetch it.") { link }.Does(async (shell, parse, cancellationToken) =>
        {
            var share = ShareLink.TryParse(parse.GetValue(link), out var known) ? known : throw new SharingException(ProblemCodes.InvalidInput, "That is no link of a share. See: sharing shares");
            var view = await (await shell.SessionAsync(run: false, cancellationToken)).Shares.OthersAsync(shell.Me, share, cancellationToken) ?? throw CommandLine.Missing("such share");
            shell.Print(view, v =>
            {
                shell.Say(v.Members.Count == 0 ? "No other terminal has it." : $"{v.Count} terminals have it or fetch it.");
                if (v.Members.Count > 0)
                {
                    Output.Table(["TERMINAL", "HAS", "AT"], v.Members.Select(static member => (IReadOnlyList<string>)
                        [member.Device[..8], member.IsWhole ? "all" : "some", member.Addresses.Count == 0 ? "only downloads" : string.Join(", ", member.Addresses)]));
                }
            });
            return ExitCodes.Ok;
        });
    }
}
