using System.CommandLine;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary>What others shared: <c>feed</c>, <c>show</c>, <c>comment</c>, <c>reshare</c>.</summary>
static class FeedCommands
{
    public static IEnumerable<Command> Make() => [Feed(), Show(), Comment(), Reshare()];

    static Command Feed()
    {
        var paging = new Paging("feed");
        return paging.On(new Command("feed", "Shows what your friends and those you follow shared, newest first.")).Does(
            async (shell, parse, cancellationToken) =>
            {
                var page = await paging.ReadAsync(
                    shell, parse, (cursor, count) => shell.At<ISocialNetwork>().FeedAsync(shell.Me, cursor, count, cancellationToken), p => p.Next, cancellationToken);
                shell.Print(page, p =>
                {
                    Print(shell, p);
                    paging.SayMore(shell, p.Next);
                });
                return ExitCodes.Ok;
            });
    }

    static Command Show()
    {
        var post = PostCommands.Post();
        return new Command("show", "Shows a post with its comments.") { post }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = PostCommands.IdIn(parse.GetValue(post)!);
            var thread = await shell.At<ISocialNetwork>().ThreadAsync(shell.Me, id, cancellationToken) ?? throw CommandLine.Missing("such post");
            shell.Print(thread, t =>
            {
                Print(shell, t.Post);
                foreach (var comment in t.Comments)
                {
                    shell.Say($"  {NameOf(comment.Author, comment.AuthorName)}, {Output.Time(comment.At)}: {Output.Line(comment.Text)}");
                }
            });
            return ExitCodes.Ok;
        });
    }

    static Command Comment()
    {
        var post = PostCommands.Post();
        var text = new Argument<string>("TEXT") { Description = "What you say" };
        return new Command("comment", "Comments on a post.") { post, text }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = PostCommands.IdIn(parse.GetValue(post)!);
            var comment = await shell.At<ISocialNetwork>().CommentAsync(shell.Me, id, parse.GetValue(text)!, PostId.New().Value, cancellationToken)
                ?? throw CommandLine.Missing("such post");
            shell.Print(comment, _ => shell.Say("Said."));
            return ExitCodes.Ok;
        });
    }

    static Command Reshare()
    {
        var post = PostCommands.Post();
        return new Command("reshare", "Shares a post on to those who read you; it stays its author's.") { post }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = PostCommands.IdIn(parse.GetValue(post)!);
            var reshare = await shell.At<ISocialNetwork>().ReshareAsync(shell.Me, id, cancellationToken) ?? throw CommandLine.Missing("such post");
            shell.Print(reshare, _ => shell.Say("Reshared."));
            return ExitCodes.Ok;
        });
    }

    static void Print(Shell shell, FeedPage page)
    {
        if (page.Posts.Count == 0)
        {
            shell.Say("Nothing yet. Find people with: sharing follow PERSON, or sharing befriend PERSON");
        }

        foreach (var post in page.Posts)
        {
            Print(shell, post);
        }
    }

    static void Print(Shell shell, NetworkPost post)
    {
        var by = post.ResharedBy is { } person ? $", reshared by {NameOf(person, post.ResharedByName)}" : "";
        var comments = post.Comments switch { 0 => "", 1 => ", 1 comment", var n => $", {n} comments" };
        var size = post.Resource.Length is { } length ? $" ({Output.Bytes(length)})" : "";
        shell.Say($"{NameOf(post.Author, post.AuthorName)}: {Output.Line(post.Text)}");
        shell.Say($"  {Output.Line(post.Resource.Name)}{size}, {Output.Time(post.At)}{by}{comments}");
        shell.Say($"  {post.Link}");
    }

    static string NameOf(PersonId person, string? name) => name is null || name == person.Value ? person.Value : $"{Output.Line(name)} ({person})";
}
