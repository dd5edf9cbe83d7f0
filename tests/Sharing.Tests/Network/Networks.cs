using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;

namespace Sharing.Tests.Network;

/// <summary>Our own network over some records.</summary>
sealed class Networks
{
    public Networks(IRecordStore records, TimeProvider time)
    {
        Relationships = new(records);
        Network = new(records, Relationships, new AudienceGate(Relationships), new PeopleStore(records), time);
    }

    public RelationshipStore Relationships { get; }

    public RecordSocialNetwork Network { get; }

    public static async Task BefriendAsync(IRelationships relationships, PersonId one, PersonId other, bool friends)
    {
        await relationships.BefriendAsync(one, other, friends);
        await relationships.BefriendAsync(other, one, friends);
    }

    public static NetworkUnderTest UnderTest(ISocialNetwork network, IRelationships relationships, FakeTimeProvider time) => new()
    {
        Network = network,
        BefriendAsync = (one, other, friends) => BefriendAsync(relationships, one, other, friends),
        FollowAsync = (one, other, follows) => relationships.FollowAsync(one, other, follows),
        PassTimeAsync = () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        },
    };
}
