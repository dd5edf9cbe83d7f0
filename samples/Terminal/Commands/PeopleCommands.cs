using System.CommandLine;
using Sharing.Apps;
using Sharing.Core;

namespace Sharing.Terminal.Commands;

/// <summary>Who reads whom: <c>people</c>, <c>group</c>, <c>groups</c>, <c>follow</c>, <c>unfollow</c>, <c>befriend</c>, <c>unfriend</c>, <c>block</c>, <c>unblock</c>.</summary>
static class PeopleCommands
{
    const RelationshipKinds All = RelationshipKinds.Friend | RelationshipKinds.Follows | RelationshipKinds.FollowedBy;

    /// <summary>What stands before a group's name, among people.</summary>
    public const string GroupMark = "group:";

    public static IEnumerable<Command> Make() =>
    [
        People(), Group(), Groups(),
        Change("follow", "Follows somebody.", "You follow {0}.", (r, me, other, ct) => r.FollowAsync(me, other, true, ct)),
        Change("unfollow", "Follows somebody no longer.", "You do not follow {0} any more.", (r, me, other, ct) => r.FollowAsync(me, other, false, ct)),
        Change("befriend", "Calls somebody a friend, or answers who did.", "You call {0} a friend; friends are you once both said so.",
            (r, me, other, ct) => r.BefriendAsync(me, other, true, ct)),
        Change("unfriend", "Ends a friendship.", "You do not call {0} a friend any more.", (r, me, other, ct) => r.BefriendAsync(me, other, false, ct)),
        Change("block", "Wants nothing to do with somebody, who is not told.", "You block {0}.", (r, me, other, ct) => r.BlockAsync(me, other, true, ct)),
        Change("unblock", "Blocks somebody no longer.", "You do not block {0} any more.", (r, me, other, ct) => r.BlockAsync(me, other, false, ct)),
    ];

    static Command People() => new Command("people", "Shows your friends, whom you follow, who follows you, and who asks to be your friend.").Does(
        async (shell, _, cancellationToken) =>
        {
            var related = await shell.At<IRelationshipGraph>().RelatedAsync(shell.Me, All, cancellationToken);
            var requests = await shell.At<IRelationships>().RequestsAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
            List<PersonId> Those(RelationshipKinds kind) => [.. related.Where(r => r.Value.HasFlag(kind)).Select(r => r.Key).OrderBy(p => p.Value, StringComparer.Ordinal)];
            var people = new
            {
                Friends = Those(RelationshipKinds.Friend),
                Following = Those(RelationshipKinds.Follows),
                Followers = Those(RelationshipKinds.FollowedBy),
                Requests = requests,
            };
            shell.Print(people, p =>
            {
                shell.Say($"Friends:   {Names(p.Friends)}");
                shell.Say($"Following: {Names(p.Following)}");
                shell.Say($"Followers: {Names(p.Followers)}");
                if (p.Requests.Count > 0)
                {
                    shell.Say($"Asking:    {Names(p.Requests)} (answer with: sharing befriend PERSON)");
                }
            });
            return ExitCodes.Ok;
        });

    /// <summary>An audience of people and groups.</summary>
    public static Audience AudienceOf(IReadOnlyCollection<string> named)
    {
        var groups = named.Where(static one => one.StartsWith(GroupMark, StringComparison.Ordinal)).Select(static one => one[GroupMark.Length..]).Distinct(StringComparer.Ordinal).ToList();
        var people = named.Where(static one => !one.StartsWith(GroupMark, StringComparison.Ordinal)).Select(SetupCommand.PersonOf).Distinct().ToList();
        try
        {
            return new(AudienceKind.Named, people, groups);
        }
        catch (ArgumentException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, e.Message, e);
        }
    }

    static Command Group()
    {
        var name = new Argument<string>("NAME") { Description = "What you call it; only you see it" };
        var people = new Argument<string[]>("PERSON") { Description = "Who is in it, instead of those before; nobody: it is gone", Arity = ArgumentArity.ZeroOrMore };
        return new Command("group", "Puts friends into a group, to share with all of them at once: --with group:NAME.") { name, people }.Does(async (shell, parse, cancellationToken) =>
        {
            var group = new FriendGroup(parse.GetValue(name)!, [.. parse.GetValue(people)!.Select(SetupCommand.PersonOf).Distinct()]);
            await shell.At<IFriendGroups>().SaveAsync(shell.Me, group, cancellationToken);
            shell.Print(group, g => shell.Say(g.People.Count == 0 ? $"There is no group {Output.Plain(g.Name)} any more." : $"{Output.Plain(g.Name)}: {Names([.. g.People])}"));
            return ExitCodes.Ok;
        });
    }

    static Command Groups() => new Command("groups", "Shows your groups of friends.").Does(async (shell, _, cancellationToken) =>
    {
        var groups = await shell.At<IFriendGroups>().ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(groups, all =>
        {
            foreach (var group in all)
            {
                shell.Say($"{Output.Plain(group.Name)}: {Names([.. group.People])}");
            }
        });
        return ExitCodes.Ok;
    });

    static string Names(List<PersonId> people) => people.Count == 0 ? "nobody" : string.Join(", ", people);

    static Command Change(
        string name, string description, string done, Func<IRelationships, PersonId, PersonId, CancellationToken, Task> change)
    {
        var person = new Argument<string>("PERSON") { Description = "A person's id" };
        return new Command(name, description) { person }.Does(async (shell, parse, cancellationToken) =>
        {
            var other = SetupCommand.PersonOf(parse.GetValue(person)!);
            await change(shell.At<IRelationships>(), shell.Me, other, cancellationToken);
            shell.Print(new { person = other }, _ => shell.Say(done.Replace("{0}", other.Value, StringComparison.Ordinal)));
            return ExitCodes.Ok;
        });
    }

    /// <summary>Who is meant: a friend who has such a number or address, else whoever has it as his id.</summary>
    public static async Task<PersonId> WhoAsync(Shell shell, string text, CancellationToken cancellationToken) => await ContactAsync(shell, text, cancellationToken) ?? SetupCommand.PersonOf(text);

    /// <summary>The friend of the address book who has such a number or mail address; <c>null</c>: nobody there, or it is neither.</summary>
    public static async Task<PersonId?> ContactAsync(Shell shell, string text, CancellationToken cancellationToken)
    {
        var looksLikeContact = text.Contains('@', StringComparison.Ordinal) || text.All(static c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '/' or '(' or ')' or '.');
        return !looksLikeContact ? null
            : await shell.Kept<AddressBook>().WhoAsync(shell.Me, text, cancellationToken: cancellationToken) switch
            {
                [] => null,
                [var one] => one,
                var several => throw new SharingException(ProblemCodes.InvalidInput, $"{Output.Plain(text)} is several of your friends: {string.Join(", ", several)}."),
            };
    }
}
