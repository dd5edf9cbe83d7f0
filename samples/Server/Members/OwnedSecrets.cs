using System.Text.Json.Serialization.Metadata;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Records of members whose keys are hashes of secrets that are kept nowhere: what sessions and tokens have in common. Thread-safe.</summary>
/// <remarks>Whose they are is looked for among all of them: in a club there are some hundreds.</remarks>
abstract class OwnedSecrets<T>(IRecordStore records, string kind, JsonTypeInfo<T> type)
    where T : class, IOwned
{
    public RecordKey KeyOf(string hash) => RecordKey.Of(kind, hash);

    public IAsyncEnumerable<Versioned<T>> ListAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under(kind), type, cancellationToken).Where(one => one.Value.Person == person);

    /// <summary>Ends one of somebody's.</summary>
    public async Task EndAsync(PersonId person, string hash, CancellationToken cancellationToken)
    {
        if (hash.Length > 0 && await records.GetAsync(KeyOf(hash), type, cancellationToken) is { } found && found.Value.Person == person)
        {
            await records.CommitAsync(new RecordBatch().Delete(found.Key, RecordBatch.Any), cancellationToken);
        }
    }

    /// <summary>Ends all of somebody's, but for one.</summary>
    public Task EndAllAsync(PersonId person, string? butFor, CancellationToken cancellationToken) =>
        records.DeleteAllAsync(ListAsync(person, cancellationToken).Select(static one => one.Key).Where(key => key.Part(0) != butFor), cancellationToken);

    /// <summary>Deletes those that have had their time.</summary>
    public Task SweepAsync(Func<T, bool> isOver, Action<RecordBatch> guard, CancellationToken cancellationToken) => MemberSweep.SweepAsync(records, kind, type, isOver, guard, cancellationToken);

    /// <summary>Adds one for a member.</summary>
    /// <returns>The secret; <c>null</c>: there is no such member, or he is disabled.</returns>
    protected async Task<string?> AddAsync(T value, CancellationToken cancellationToken)
    {
        var secret = Tokens.New();
        return await records.ChangeAsync(
            async batch =>
            {
                if (await records.GetAsync(MemberBook.KeyOf(value.Person), MemberJson.Default.Member, cancellationToken) is not { Value.Disabled: null } member)
                {
                    return false;
                }

                batch.Check(member.Key, member.Version).Put(KeyOf(Tokens.HashOf(secret)), value, type, RecordBatch.Absent); // nobody gets one while he is disabled or erased
                return true;
            },
            cancellationToken) ? secret : null;
    }

    /// <summary>Finds one by its hash, and the member whose it is, in one reading.</summary>
    protected async ValueTask<(Versioned<T> Found, Member Owner)?> FindAsync(PersonId person, string hash, CancellationToken cancellationToken)
    {
        var heads = await records.HeadsAsync([RecordRange.One(KeyOf(hash)), RecordRange.One(MemberBook.KeyOf(person))], 1, cancellationToken);
        return heads is [[var one], [var owner]] && Read(one, type) is { } found && found.Person == person && Read(owner, MemberJson.Default.Member) is { Disabled: null } member
            ? (new(one.Key, found, one.Version), member)
            : null;
    }

    static TValue? Read<TValue>(Record record, JsonTypeInfo<TValue> type) => System.Text.Json.JsonSerializer.Deserialize(record.Json.Span, type);
}
