using System.CommandLine;
using System.Globalization;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary><c>share</c>: one command, and everything after it happens by itself (row R1).</summary>
static class ShareCommand
{
    const int PostsLookedAt = 100;

    static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    public static Command Make()
    {
        var what = new Argument<string>("NUMBER|ADDRESS") { Description = "An item's number, or an address, which is added to the list" };
        var with = new Option<string>("--with")
        {
            Description = "friends, followers, everyone, or people's ids and groups (group:family) with commas between", HelpName = "WHOM", DefaultValueFactory = _ => "friends",
        };
        var text = new Option<string?>("--text") { Description = "What people read [default: the name]", HelpName = "TEXT" };
        var key = new Option<string?>("--key") { Description = "A key of your own: sharing with the same key again is the same share", HelpName = "KEY" };
        return new Command("share", "Shares an item, running or finished.") { what, with, text, key }.Does(async (shell, parse, cancellationToken) =>
        {
            var options = new ShareOptions { Audience = AudienceOf(parse.GetValue(with)!), Text = parse.GetValue(text), Key = parse.GetValue(key) };
            var downloads = await shell.ListAsync(cancellationToken);
            var id = await IdOfAsync(shell, downloads, parse.GetValue(what)!, cancellationToken);
            var post = await ShareAsync(shell, downloads, id, options, cancellationToken) ?? throw CommandLine.Missing($"item {id}");
            shell.Print(post, p => Print(shell, p));
            if (post.Ledger is [] && !shell.Json)
            {
                var isConnected = (await shell.At<IAccounts>().ListAsync(shell.Me, cancellationToken)).Any(network => network.Connected);
                shell.Say(isConnected
                    ? $"To publish it now, take it back and share it again: sharing unshare {post.Link}"
                    : "Connect one, and what you share from then on is published there: sharing connect NETWORK");
            }

            return ExitCodes.Ok;
        });
    }

    /// <summary>A post and where it stands.</summary>
    public static void Print(Shell shell, SharedPost post)
    {
        shell.Say(post.Link.ToString());
        shell.Say($"  {post.Resource.Name}, shared with {WhomOf(post.Audience)} {Output.Time(post.At)}{LibraryOf(post)}");
        if (post.Text != post.Resource.Name)
        {
            shell.Say($"  {Output.Line(post.Text)}");
        }

        if (post.Ledger is [])
        {
            shell.Say("  published nowhere: no network was connected");
        }

        foreach (var line in post.Ledger ?? [])
        {
            shell.Say($"  {line.Network}: {StateOf(line)}{(line.Address is { } address ? $" {address}" : "")}");
        }
    }

    /// <summary>Of a post that is just being made nothing is known yet; later, none means that its time there is over, or that the server has no library.</summary>
    static string LibraryOf(SharedPost post) => post.Library is { } library
        ? $"; offline library: {library.ToString().ToLowerInvariant()}"
        : TimeProvider.System.GetUtcNow() - post.At > JustNow ? "; not in the offline library" : "";

    /// <summary>Shares. Without a key the item and the people are the key: what is there already under it is said, and does not stand in the way once it was taken back.</summary>
    static async Task<SharedPost?> ShareAsync(Shell shell, IDownloads downloads, DownloadId id, ShareOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await downloads.ShareAsync(shell.Me, id, options, cancellationToken);
        }
        catch (SharingException e) when (e.Code == ProblemCodes.KeyReused && options.Key is null)
        {
            var item = await downloads.ListAsync(shell.Me, cancellationToken).FirstOrDefaultAsync(item => item.Id == id, cancellationToken);
            var newest = await shell.At<IPosts>().ListAsync(shell.Me, null, PostsLookedAt, cancellationToken);
            var there = newest.Posts.FirstOrDefault(post => post.Resource.Address == item?.Resource.Address && post.Audience == options.Audience);
            if (there is null)
            {
                return await downloads.ShareAsync(shell.Me, id, options with { Key = PostId.New().Value }, cancellationToken);
            }

            return there.Text == (options.Text?.Trim() ?? there.Resource.Name) ? there : throw new SharingException(
                e.Code,
                $"It is shared with {WhomOf(options.Audience)} already, with other words. "
                + $"Take that back first (sharing unshare {there.Link}), or share it a second time with a --key of your own.");
        }
    }

    static string StateOf(LedgerLine line)
    {
        var why = line.Reason is { } reason ? $" ({Output.Line(reason)})" : "";
        return line.State switch
        {
            PublishState.Queued => "on its way",
            PublishState.Sent => "published",
            PublishState.Waiting => $"waits{(line.Until is { } until ? $" until {Output.Time(until)}" : "")}{why}",
            PublishState.NeedsLogin => $"needs you to sign in again: sharing connect {line.Network}{why}",
            PublishState.Refused => $"refused{why}",
            _ => $"unknown{why}: look there, then sharing retry POST {line.Network}",
        };
    }

    static string WhomOf(Audience audience) => audience.Kind == AudienceKind.Named
        ? string.Join(", ", audience.People!.Select(static person => person.Value).Concat((audience.Groups ?? []).Select(static group => PeopleCommands.GroupMark + group)))
        : audience.Kind.ToString().ToLowerInvariant();

    static async Task<DownloadId> IdOfAsync(Shell shell, IDownloads downloads, string what, CancellationToken cancellationToken)
    {
        if (int.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return DownloadCommands.IdOf(number);
        }

        var address = DownloadCommands.AddressOf(what);
        var there = await downloads.ListAsync(shell.Me, cancellationToken).FirstOrDefaultAsync(item => item.Resource.Address == address, cancellationToken);
        return there?.Id ?? (await downloads.AddAsync(shell.Me, new DownloadRequest { Address = address }, cancellationToken)).Id;
    }

    static Audience AudienceOf(string with) => with switch
    {
        "friends" => Audience.Friends,
        "followers" => Audience.Followers,
        "everyone" => Audience.Everyone,
        _ => PeopleCommands.AudienceOf(with.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    };
}
