using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Asks a network whom an account follows and who follows it, and says which of them are here. Thread-safe singleton.</summary>
/// <remarks>Who is here is told only where both follow each other, so that nobody is found by those whom he does not know.</remarks>
sealed class NetworkAcquaintances(IRecordStore records, Outbox outbox, IRelationshipGraph graph, TimeProvider time, ILogger<NetworkAcquaintances> logger) : IAcquaintances
{
    const int Most = 1000;
    const RelationshipKinds Separates = RelationshipKinds.Blocks | RelationshipKinds.BlockedBy;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public async Task<NetworkFollows?> ListAsync(PersonId actor, string network, CancellationToken cancellationToken = default)
    {
        var publisher = outbox.Publishers.FirstOrDefault(one => one.Traits.Network == network);
        if (publisher is not IFollowLists lists || await outbox.AccountAsync(publisher, actor, cancellationToken) is not { } account)
        {
            return null;
        }

        var (follows, fault) = await NetworkQuestion.AskAsync(network, limited => lists.ReadFollowsAsync(account, Most, limited), s_patience, time, cancellationToken);
        if (follows is null)
        {
            OfflineLog.FollowsNotRead(logger, network, fault!.Value.Fault.Message);
            return new(network, [], fault.Value.Told);
        }

        var here = await HereAsync(actor, network, [.. follows.Where(static one => one.Follows && one.FollowedBy).Select(static one => one.Id)], cancellationToken);
        return new(network, [.. follows.Select(one => one with { Person = here.TryGetValue(one.Id, out var person) ? person : null })
            .OrderBy(static one => one.Person is null).ThenBy(static one => !(one.Follows && one.FollowedBy)).ThenBy(static one => one.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    /// <summary>Whose accounts some are, without those whom a block separates from the actor.</summary>
    async Task<Dictionary<string, PersonId>> HereAsync(PersonId actor, string network, IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        var ids = accounts.Where(RecordAccounts.CanBeFound).ToList();
        var owners = await records.GetAllAsync([.. ids.Select(id => RecordAccounts.IdKeyOf(network, id))], OfflineJson.Default.AccountOwner, cancellationToken);
        var found = ids.Zip(owners).Where(one => one.Second is { } owner && owner.Value.Owner != actor).ToDictionary(static one => one.First, static one => one.Second!.Value.Owner, StringComparer.Ordinal);
        var between = await graph.BetweenAsync(actor, [.. found.Values], cancellationToken);
        return found.Where(one => (between.GetValueOrDefault(one.Value) & Separates) == 0).ToDictionary(StringComparer.Ordinal);
    }
}
