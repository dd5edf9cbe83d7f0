using System.CommandLine;
using System.Globalization;
using Sharing.Offline;

namespace Sharing.Terminal.Commands;

/// <summary><c>share</c>: one command, and everything after it happens by itself (row R1).</summary>
static class ShareCommand
{
    public static Command Make()
    {
        var what = new Argument<string>("what") { Description = "An item's number, or an address, which is added to the list", HelpName = "NUMBER|ADDRESS" };
        var with = new Option<string>("--with")
        {
            Description = "friends, followers, everyone, or people's ids with commas between", HelpName = "WHOM", DefaultValueFactory = _ => "friends",
        };
        var text = new Option<string?>("--text") { Description = "What people read [default: the name]", HelpName = "TEXT" };
        var key = new Option<string?>("--key") { Description = "A key of your own: sharing with the same key again is the same share", HelpName = "KEY" };
        return new Command("share", "Shares an item, running or finished.") { what, with, text, key }.Does(async (shell, parse, cancellationToken) =>
        {
            var options = new ShareOptions { Audience = AudienceOf(parse.GetValue(with)!), Text = parse.GetValue(text), Key = parse.GetValue(key) };
            var downloads = await shell.ListAsync(cancellationToken);
            var id = await IdOfAsync(shell, downloads, parse.GetValue(what)!, cancellationToken);
            var post = await downloads.ShareAsync(shell.Me, id, options, cancellationToken) ?? throw CommandLine.Missing($"item {id}");
            shell.Print(post, p => Print(shell, p));
            return ExitCodes.Ok;
        });
    }

    /// <summary>A post and where it stands.</summary>
    public static void Print(Shell shell, SharedPost post)
    {
        shell.Say(post.Link.ToString());
        shell.Say($"  {post.Resource.Name}, shared with {WhomOf(post.Audience)} {Output.Time(post.At)}; "
            + $"offline library: {post.Library?.ToString().ToLowerInvariant() ?? "not yet"}");
        if (post.Text != post.Resource.Name)
        {
            shell.Say($"  {Output.Line(post.Text)}");
        }

        foreach (var line in post.Ledger ?? [])
        {
            shell.Say($"  {line.Network}: {StateOf(line)}{(line.Address is { } address ? $" {address}" : "")}");
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
        ? string.Join(", ", audience.People!)
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
        _ => with.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 and <= Audience.MaxNamed } people
            ? Audience.Of([.. people.Select(SetupCommand.PersonOf).Distinct()])
            : throw new SharingException(ProblemCodes.InvalidInput, $"Name 1 to {Audience.MaxNamed} people."),
    };
}
