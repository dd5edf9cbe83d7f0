using System.CommandLine;
using Sharing.Offline;
using Sharing.P2P;

namespace Sharing.Terminal.Commands;

/// <summary>A person's own posts: <c>posts</c>, <c>responses</c>, <c>unshare</c>, <c>retry</c>.</summary>
static class PostCommands
{
    public static IEnumerable<Command> Make() => [Posts(), Responses(), Unshare(), Retry()];

    /// <summary>A post, by its link or its id.</summary>
    public static Argument<string> Post() => new("POST") { Description = "A post's link, or its id" };

    /// <summary>The id in a link, or the id itself.</summary>
    public static string IdIn(string post) =>
        Uri.TryCreate(post, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" ? link.Segments[^1].TrimEnd('/') : post;

    static PostId PostIdIn(string post) => PostId.TryParse(IdIn(post), out var id) ? id : throw CommandLine.Missing("such post");

    static Command Posts()
    {
        var paging = new Paging("posts");
        return paging.On(new Command("posts", "Shows your posts, newest first, and where each stands at each network.")).Does(
            async (shell, parse, cancellationToken) =>
            {
                var page = await paging.ReadAsync(
                    shell, parse, (cursor, count) => shell.At<IPosts>().ListAsync(shell.Me, cursor, count, cancellationToken), p => p.Next, cancellationToken);
                shell.Print(page, p =>
                {
                    if (p.Posts.Count == 0)
                    {
                        shell.Say("You have shared nothing yet. Begin with: sharing share NUMBER");
                    }

                    foreach (var post in p.Posts)
                    {
                        ShareCommand.Print(shell, post);
                    }

                    paging.SayMore(shell, p.Next);
                });
                return ExitCodes.Ok;
            });
    }

    static Command Responses()
    {
        var post = Post();
        return new Command("responses", "Shows what people at the networks made of a post of yours: comments, reshares, likes.") { post }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var found = await shell.At<IResponses>().ListAsync(shell.Me, PostIdIn(parse.GetValue(post)!), cancellationToken) ?? throw CommandLine.Missing("such post of yours");
                shell.Print(found, all =>
                {
                    foreach (var network in all)
                    {
                        int Count(PostResponseKind kind) => network.Responses.Count(one => one.Kind == kind);
                        shell.Say(network.Fault is { } fault ? $"{network.Network}: {fault}"
                            : $"{network.Network}: {Count(PostResponseKind.Comment)} comments, {Count(PostResponseKind.Reshare)} reshares, {Count(PostResponseKind.Like)} likes");
                        foreach (var comment in network.Responses.Where(static one => one.Text is not null))
                        {
                            shell.Say($"  {Output.Line(comment.Author)}{(comment.At is { } at ? $", {Output.Time(at)}" : "")}: {Output.Line(comment.Text!)}");
                        }
                    }

                    if (all.Count == 0)
                    {
                        shell.Say("No network that has it tells what people made of it.");
                    }
                });
                return ExitCodes.Ok;
            });
    }

    static Command Unshare()
    {
        var post = Post();
        return new Command("unshare", "Takes a post, or a share of your space, back: its link ends, networks that can remove a post are told to.") { post }.Does(
            async (shell, parse, cancellationToken) =>
            {
                if (ShareLink.TryParse(parse.GetValue(post), out var link))
                {
                    return await SharedFileCommands.RemoveAsync(shell, link, cancellationToken);
                }

                var id = PostIdIn(parse.GetValue(post)!);
                if (!await shell.At<IPosts>().WithdrawAsync(shell.Me, id, cancellationToken))
                {
                    throw CommandLine.Missing("such post of yours");
                }

                shell.Print(new { withdrawn = id }, _ => shell.Say("Taken back."));
                return ExitCodes.Ok;
            });
    }

    static Command Retry()
    {
        var post = Post();
        var network = NetworkCommands.Network();
        return new Command("retry", "Tries a post again at a network where it waits, or where its fate is unknown.") { post, network }.Does(
            async (shell, parse, cancellationToken) =>
            {
                var (id, name) = (PostIdIn(parse.GetValue(post)!), parse.GetValue(network)!);
                if (shell.At<IPosts>() is not HttpPosts posts || !await posts.RetryAsync(shell.Me, id, name, cancellationToken))
                {
                    throw CommandLine.Missing($"post of yours that waits at {name}");
                }

                shell.Print(new { retried = id, network = name }, _ => shell.Say("It is tried again."));
                return ExitCodes.Ok;
            });
    }
}
