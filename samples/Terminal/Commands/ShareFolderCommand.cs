using System.CommandLine;
using Sharing.P2P;

namespace Sharing.Terminal.Commands;

/// <summary><c>share-folder</c>: shares what is in a folder and what comes into it; lists and ends it.</summary>
static class ShareFolderCommand
{
    public static Command Make()
    {
        var path = new Argument<string?>("PATH") { Description = "The folder", Arity = ArgumentArity.ZeroOrOne };
        var with = new Option<string>("--with") { Description = "Who may fetch it: friends, followers or everyone", HelpName = "AUDIENCE", DefaultValueFactory = static _ => "friends" };
        var removes = new Option<bool>("--remove-deleted") { Description = "Share a file no more when it is deleted here; else it stays shared" };
        var list = new Option<bool>("--list") { Description = "Show the shared folders and how far their files are" };
        var stop = new Option<bool>("--stop") { Description = "Share nothing more from the folder; what the server has stays shared" };
        return new Command("share-folder", "Shares the files of a folder, and those that come into it: while 'seed' or 'run' runs they go to your space, changed ones again.")
        {
            path, with, removes, list, stop,
        }.Does(async (shell, parse, cancellationToken) =>
        {
            var folders = (await shell.SessionAsync(run: false, cancellationToken)).Folders;
            if (parse.GetValue(list))
            {
                return await ListAsync(shell, folders, parse.GetValue(path), cancellationToken);
            }

            var folder = Path.GetFullPath(parse.GetValue(path) ?? throw new SharingException(ProblemCodes.InvalidInput, "Which folder? See: sharing share-folder --help"));
            if (parse.GetValue(stop))
            {
                if (!await folders.StopAsync(shell.Me, folder, cancellationToken))
                {
                    throw CommandLine.Missing($"shared folder {folder}");
                }

                shell.Print(new { stopped = folder }, _ => shell.Say($"{folder} is shared no more. What the server has of it stays shared: sharing shares"));
                return ExitCodes.Ok;
            }

            var shared = new SharedFolder { Path = folder, Audience = AudienceOf(parse.GetValue(with)!), RemovesDeleted = parse.GetValue(removes) };
            await folders.AddAsync(shell.Me, shared, cancellationToken);
            shell.Print(shared, f => shell.Say($"{f.Path} is shared with {parse.GetValue(with)}. Its files go to your space while this runs: sharing seed"));
            return ExitCodes.Ok;
        });
    }

    static async Task<int> ListAsync(Shell shell, ISharedFolders folders, string? path, CancellationToken cancellationToken)
    {
        var files = await folders.FilesAsync(shell.Me, path, cancellationToken).ToListAsync(cancellationToken);
        var all = await folders.ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(new { folders = all, files }, found =>
        {
            if (found.folders.Count == 0)
            {
                shell.Say("No folder is shared. Begin with: sharing share-folder PATH");
            }

            foreach (var folder in found.folders)
            {
                shell.Say($"{folder.Path}  with {folder.Audience.Kind.ToString().ToLowerInvariant()}");
            }

            if (found.files.Count > 0)
            {
                Output.Table(["STATE", "NAME", "SIZE", "LINK"], found.files.Select(static file => (IReadOnlyList<string>)[SharedFileCommands.StateOf(file), file.Path, Output.Bytes(file.Length), file.Link ?? ""]));
            }
        });
        return ExitCodes.Ok;
    }

    static Audience AudienceOf(string text) => text switch
    {
        "friends" => Audience.Friends,
        "followers" => Audience.Followers,
        "everyone" => Audience.Everyone,
        _ => throw new SharingException(ProblemCodes.InvalidInput, $"A folder is shared with friends, followers or everyone, not with '{text}'."),
    };
}
