using System.CommandLine;
using Sharing.Core;

namespace Sharing.Terminal.Commands;

/// <summary>Who reads whom: <c>people</c>, <c>follow</c>, <c>unfollow</c>, <c>befriend</c>, <c>unfriend</c>, <c>block</c>, <c>unblock</c>.</summary>
static class PeopleCommands
{
    const RelationshipKinds All = RelationshipKinds.Friend | RelationshipKinds.Follows | RelationshipKinds.FollowedBy;

    public static IEnumerable<Command> Make() =>
    [
        People(),
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
}
