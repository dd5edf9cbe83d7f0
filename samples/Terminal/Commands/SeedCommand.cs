using System.CommandLine;
using Sharing.P2P;
using Spectre.Console;

namespace Sharing.Terminal.Commands;

/// <summary><c>seed</c>: gives on what this terminal has, and uploads its shared folders.</summary>
static class SeedCommand
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var untilShared = new Option<bool>("--until-shared") { Description = "End when the server has every file of the shared folders" };
        return new Command("seed", "Gives others what this terminal has, and uploads its shared folders, until Ctrl+C. Other commands can be used meanwhile.") { untilShared }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var session = await shell.SessionAsync(run: true, cancellationToken);
                if (!session.IsOwner)
                {
                    throw new SharingException(ProblemCodes.Conflict, "Another sharing process does that already.");
                }

                shell.Say(SetupCommand.Reachable(shell.Settings));
                try
                {
                    return await WatchAsync(shell, session.Folders, parse.GetValue(untilShared), cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    await shell.CloseAsync();
                    return ExitCodes.Interrupted;
                }
            });
    }

    static Task<int> WatchAsync(Shell shell, ISharedFolders folders, bool untilShared, CancellationToken cancellationToken)
    {
        if (shell.Json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            var told = new Dictionary<string, string>(StringComparer.Ordinal);
            return LoopAsync(shell, folders, untilShared, files => Tell(shell, files, told), cancellationToken);
        }

        return AnsiConsole.Live(TableOf([])).StartAsync(live => LoopAsync(
            shell, folders, untilShared,
            files =>
            {
                live.UpdateTarget(TableOf(files));
                live.Refresh();
            },
            cancellationToken));
    }

    static async Task<int> LoopAsync(Shell shell, ISharedFolders folders, bool untilShared, Action<List<FolderFile>> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            var files = await folders.FilesAsync(shell.Me, null, cancellationToken).ToListAsync(cancellationToken);
            show(files);
            if (untilShared && files.Count > 0 && files.TrueForAll(static file => file.State is FolderFileState.Shared or FolderFileState.Deleted or FolderFileState.Failed))
            {
                return files.Exists(static file => file.State == FolderFileState.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
            }

            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    /// <summary>A line for each file whose state or tenth changed.</summary>
    static void Tell(Shell shell, List<FolderFile> files, Dictionary<string, string> told)
    {
        foreach (var file in files)
        {
            var key = $"{file.State} {file.Failure} {(file.Length > 0 ? file.Done * 10 / file.Length : 0)}";
            var path = Path.Combine(file.Folder, file.Path);
            if (told.GetValueOrDefault(path) != key)
            {
                told[path] = key;
                shell.Print(file, f => shell.Say($"{f.Path}  {SharedFileCommands.StateOf(f)}" + (f is { State: FolderFileState.Shared, Link: { } link } ? $"  {link}" : "")));
            }
        }
    }

    static Table TableOf(List<FolderFile> files)
    {
        const int most = 20;
        var table = new Table { Border = TableBorder.None };
        table.AddColumns("STATE", "NAME", "SIZE");
        foreach (var file in files.OrderBy(static file => file.State is FolderFileState.Shared or FolderFileState.Deleted).Take(most))
        {
            table.AddRow(new Text(SharedFileCommands.StateOf(file)), new Text(Output.Line(file.Path)), new Text(Output.Bytes(file.Length)));
        }

        table.Caption = new TableTitle($"{files.Count(static file => file.State == FolderFileState.Shared)} of {files.Count} files are in your space. Ctrl+C ends.");
        return table;
    }
}
