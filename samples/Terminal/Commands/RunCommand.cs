using System.CommandLine;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary><c>run</c>: downloads everything queued.</summary>
static class RunCommand
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var untilDone = new Option<bool>("--until-done") { Description = "End when nothing is left to download" };
        return new Command("run", "Downloads everything queued, until Ctrl+C. Other commands can be used meanwhile.") { untilDone }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var downloads = await shell.RunAsync(cancellationToken);
                if (!shell.IsOwner)
                {
                    throw new SharingException(ProblemCodes.Conflict, "Another sharing process runs the downloads already.");
                }

                shell.Say("Running. Ctrl+C ends it; whatever is not complete goes on next time.");
                var told = new Dictionary<DownloadId, string>();
                try
                {
                    while (true)
                    {
                        var items = await downloads.ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
                        Tell(shell, items, told);
                        if (parse.GetValue(untilDone) && items.All(item => item.State != DownloadState.Running))
                        {
                            return items.Any(item => item.State == DownloadState.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
                        }

                        await Task.Delay(LookAgain, cancellationToken);
                    }
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    await shell.CloseAsync();
                    return ExitCodes.Interrupted;
                }
            });
    }

    /// <summary>A line for each item whose state, source or tenth changed, or that began to wait for a reason.</summary>
    static void Tell(Shell shell, List<DownloadItem> items, Dictionary<DownloadId, string> told)
    {
        foreach (var item in items)
        {
            var tenth = item.Resource.Length is > 0 and var all ? item.Done * 10 / all : 0;
            var reason = shell.ReasonOf(item);
            var key = $"{DownloadCommands.StateOf(item)} {item.Source} {(item.State == DownloadState.Running ? (tenth, reason is not null) : default)}";
            var isNew = !told.TryGetValue(item.Id, out var before);
            told[item.Id] = key;
            if (key == before || (isNew && item.State != DownloadState.Running))
            {
                continue;
            }

            shell.Print(item, i => shell.Say(ProgressView.LineOf(i, reason)));
        }
    }
}
