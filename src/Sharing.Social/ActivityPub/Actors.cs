using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>The people of this host whom the fediverse knows: those who have connected themselves. Thread-safe.</summary>
/// <remarks>Records: <c>ap-actor/{name}</c>, <c>ap-actor-of/{person}</c>, <c>ap-gone/{digest of a name}</c>. A name stays with its person, whether he is connected or not; after he is gone
/// nobody can have it, because other servers take whoever has it for him, or for gone.</remarks>
sealed class Actors(IRecordStore records, IOptions<ActivityPubOptions> options, TimeProvider time)
{
    const int KeyBits = 2048; // what every server takes

    readonly ActivityPubOptions _options = options.Value;

    public string IdOf(string name) => $"{_options.PublicAddress}ap/people/{name}";

    public string NoteIdOf(string key) => $"{_options.PublicAddress}ap/notes/{key}";

    /// <summary>The name of an actor of ours, by its id; <c>null</c>: none of ours.</summary>
    public string? NameOf(string? id) => id is not null && id.StartsWith(IdOf(""), StringComparison.Ordinal) ? id[IdOf("").Length..] : null;

    /// <summary>The key of a note of ours, by its id.</summary>
    public string? KeyOf(string? id) => id is not null && id.StartsWith(NoteIdOf(""), StringComparison.Ordinal) && !id.AsSpan(NoteIdOf("").Length).Contains('/') ? id[NoteIdOf("").Length..] : null;

    /// <summary>An actor that is there.</summary>
    public async ValueTask<StoredActor?> FindAsync(string name, CancellationToken cancellationToken) =>
        await FindKeptAsync(name, cancellationToken) is { Gone: null } actor ? actor : null;

    /// <summary>An actor that is there, or is gone and has not said so everywhere yet: with his key.</summary>
    public async ValueTask<StoredActor?> FindKeptAsync(string name, CancellationToken cancellationToken) =>
        IsName(name) && await records.GetAsync(ActorKey(name), FederationJson.Default.StoredActor, cancellationToken) is { Value: { } actor } ? actor : null;

    /// <summary>Whether somebody had a name who is gone.</summary>
    public async ValueTask<bool> IsGoneAsync(string name, CancellationToken cancellationToken) =>
        await FindKeptAsync(name, cancellationToken) is { Gone: not null } || await records.GetAsync(GoneKey(name), cancellationToken) is not null;

    /// <summary>The actor of a person.</summary>
    public async ValueTask<StoredActor?> OfAsync(PersonId person, CancellationToken cancellationToken) =>
        await KeptOfAsync(person, cancellationToken) is { Gone: null } actor ? actor : null;

    /// <summary>The actor of a person, also one that is gone.</summary>
    public async ValueTask<StoredActor?> KeptOfAsync(PersonId person, CancellationToken cancellationToken) =>
        await records.GetAsync(PersonKey(person), FederationJson.Default.String, cancellationToken) is { } name ? await FindKeptAsync(name.Value, cancellationToken) : null;

    /// <summary>A person is gone from here: nobody finds him any more, and nothing is taken for him. His key is kept.</summary>
    public Task LeaveAsync(StoredActor actor, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await records.GetAsync(ActorKey(actor.Name), FederationJson.Default.StoredActor, cancellationToken) is not { Value.Gone: null } stored)
            {
                return false;
            }

            batch.Put(stored.Key, stored.Value with { Gone = time.GetUtcNow() }, FederationJson.Default.StoredActor, stored.Version);
            return true;
        },
        cancellationToken);

    /// <summary>Deletes one that is gone, and his key; what stays is that nobody can have his name.</summary>
    public async Task DeleteAsync(StoredActor actor, CancellationToken cancellationToken) => await records.CommitAsync(
        new RecordBatch().Put(GoneKey(actor.Name), new(time.GetUtcNow()), FederationJson.Default.StoredGone, RecordBatch.Any).Delete(ActorKey(actor.Name), RecordBatch.Any).Delete(PersonKey(actor.Person), RecordBatch.Any),
        cancellationToken);

    /// <summary>Makes a person an actor, if he is none yet.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: he can have no name there, or not that one.</exception>
    public async Task<StoredActor> EnsureAsync(PersonId person, string? wanted, CancellationToken cancellationToken)
    {
        var name = (wanted ?? person.Value).TrimStart('@').Split('@')[0].ToLowerInvariant();
        if (!IsName(name))
        {
            throw new SharingException(ProblemCodes.InvalidInput, "A name there has 1 to 30 of a-z, 0-9 and _: choose one.");
        }

        using var rsa = RSA.Create(KeyBits);
        StoredActor? made = null;
        await records.ChangeAsync(
            async batch =>
            {
                var known = await records.GetAsync(PersonKey(person), FederationJson.Default.String, cancellationToken);
                var stored = await records.GetAsync(ActorKey(known?.Value ?? name), FederationJson.Default.StoredActor, cancellationToken);
                if (stored is null or { Value.Gone: not null } && await IsGoneAsync(known?.Value ?? name, cancellationToken))
                {
                    throw new SharingException(ProblemCodes.InvalidInput, $"Somebody was @{name} here who is gone: choose another name.");
                }

                if (stored is not null && stored.Value.Person != person)
                {
                    throw new SharingException(ProblemCodes.InvalidInput, $"Somebody else is @{name} here: choose another name.");
                }

                made = stored?.Value ?? new StoredActor(person, name, rsa.ExportPkcs8PrivateKey(), time.GetUtcNow());
                batch.Put(ActorKey(made.Name), made, FederationJson.Default.StoredActor, stored?.Version ?? RecordBatch.Absent)
                    .Put(PersonKey(person), made.Name, FederationJson.Default.String, known?.Version ?? RecordBatch.Absent);
                return true;
            },
            cancellationToken);
        return made!;
    }

    public static string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>What actors have published.</summary>
    public static OwnPosts Notes(IRecordStore records) => new(records, "ap-note");

    public static RecordKey FollowerKey(string name, string follower) => RecordKey.Of("ap-follower", name, Digest(follower));

    public static RecordKey ResponseKey(string key, string id) => RecordKey.Of("ap-response", key, Digest(id));

    public static RecordKey ResponseOfKey(string id) => RecordKey.Of("ap-response-of", Digest(id));

    public static RecordRange FollowersOf(string name) => RecordRange.Under("ap-follower", name);

    public static RecordRange ResponsesTo(string key) => RecordRange.Under("ap-response", key);

    public static RecordRange Responses { get; } = RecordRange.Under("ap-response");

    static RecordKey ActorKey(string name) => RecordKey.Of("ap-actor", name);

    static RecordKey GoneKey(string name) => RecordKey.Of("ap-gone", Digest(name));

    static RecordKey PersonKey(PersonId person) => RecordKey.Of("ap-actor-of", person.Value);

    static bool IsName(string name) => name.Length is >= 1 and <= 30 && !name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_");
}
