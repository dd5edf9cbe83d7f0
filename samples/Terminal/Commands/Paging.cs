using System.CommandLine;

namespace Sharing.Terminal.Commands;

/// <summary>The options of a command that shows a list page by page, and where it stopped.</summary>
/// <param name="list">The list's name: a file of the data folder is called after it.</param>
sealed class Paging(string list)
{
    readonly Option<bool> _more = new("--more") { Description = "The page after the one shown last" };
    readonly Option<int> _count = new("--count") { Description = "How many posts", HelpName = "N", DefaultValueFactory = _ => 20 };

    public Command On(Command command)
    {
        command.Add(_more);
        command.Add(_count);
        return command;
    }

    /// <summary>Reads the page that is asked for, and keeps where it ends.</summary>
    public async Task<T> ReadAsync<T>(
        Shell shell, ParseResult parse, Func<string?, int, Task<T>> read, Func<T, string?> next, CancellationToken cancellationToken)
    {
        var bookmark = Path.Combine(shell.Settings.DataFolder, list + ".cursor");
        string? cursor = null;
        if (parse.GetValue(_more))
        {
            cursor = File.Exists(bookmark)
                ? await File.ReadAllTextAsync(bookmark, cancellationToken)
                : throw new SharingException(ProblemCodes.NotFound, $"There is nothing more. Begin anew with: sharing {list}");
        }

        var page = await read(cursor, parse.GetValue(_count));
        if (next(page) is { } following)
        {
            await File.WriteAllTextAsync(bookmark, following, cancellationToken);
        }
        else
        {
            File.Delete(bookmark);
        }

        return page;
    }

    public void SayMore(Shell shell, string? next)
    {
        if (next is not null)
        {
            shell.Say($"More with: sharing {list} --more");
        }
    }
}
