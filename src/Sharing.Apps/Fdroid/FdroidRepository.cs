using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The catalogue of an F-Droid repository (index version 2): what apps there are, and for each its packages. Thread-safe.</summary>
/// <remarks>
/// <para>Nothing is believed that was not signed. <c>entry.jar</c> names the index by its hash, and has one signer, by more than SHA-1: the one that
/// the operator named, else the one that was met first. Its timestamp never falls, and what it says of one timestamp never changes. Where a
/// difference leads from what is held to the new state, only that is fetched (RFC 7396): applied to nothing but what was taken then, by its
/// hash; what comes of it must have the timestamp and the number of apps that the entry says, and every changed app what must be said of an app. Else, and where
/// anything about the difference fails, the whole index is fetched.</para>
/// <para>The index is a content of the store; who signed it, its timestamp and its id are one record, changed by one commit together with the
/// reference to the content. Whatever happens in between, what was held before is what is held. Of the index, its apps' names and places are
/// kept in memory (about 100 bytes an app), and while it is changed the difference (8 MiB at most) and a window.</para>
/// </remarks>
/// <param name="source">Where it is, and whose it is.</param>
/// <param name="http">The guarded client: <see cref="GuardedClient.Services"/> where the operator named the repository, <see cref="GuardedClient.Name"/> where a person did.</param>
/// <param name="records">Keeps the state.</param>
/// <param name="store">Keeps the index.</param>
/// <param name="references">Of that store.</param>
public sealed class FdroidRepository(FdroidSource source, HttpClient http, IRecordStore records, IContentStore store, ContentReferences references)
{
    const int MostOfDifference = 8 * 1024 * 1024;
    const long MostOfIndex = 512L * 1024 * 1024;

    readonly FdroidFetch _fetch = new(http, source);
    readonly FdroidIndex _index = new(source, store);
    readonly string _name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Address.AbsoluteUri)));
    volatile Directory? _directory;

    RecordKey Key => RecordKey.Of("fdroid", _name);

    string Owner => $"fdroid/{_name}";

    /// <summary>Where it is, and whose it is.</summary>
    public FdroidSource Source => source;

    /// <summary>What is held of it; <c>null</c>: nothing yet.</summary>
    public async Task<FdroidState?> StateAsync(CancellationToken cancellationToken = default) => (await HeldAsync(cancellationToken))?.Value;

    /// <summary>Brings what is held up to date.</summary>
    /// <exception cref="PackageFormatException">The repository is not to be believed: another signer, an older state, another state of the same time, a file that is not the one
    /// named. What was held is held on.</exception>
    /// <exception cref="SharingException"><see cref="ProblemCodes.FetchFailed"/>: it could not be fetched. <see cref="ProblemCodes.Conflict"/>: others update it at the same time, again and again.</exception>
    public async Task<FdroidUpdate> UpdateAsync(CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await TryUpdateAsync(cancellationToken) is { } update)
            {
                return update;
            }
        }

        throw new SharingException(ProblemCodes.Conflict, "The repository is updated by others again and again.");
    }

    /// <summary>Finds an app; <c>null</c>: it is not in the repository, or nothing is held of that yet.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ContentDamaged"/>: the index is damaged or gone; an update brings it again.</exception>
    public async Task<FdroidApp?> FindAsync(AppId app, CancellationToken cancellationToken = default)
    {
        if (await StateAsync(cancellationToken) is not { } state || !(await DirectoryAsync(state.Index, cancellationToken)).Apps.TryGetValue(app.Value, out var part))
        {
            return null;
        }

        await using var reader = await _index.OpenAsync(state.Index, cancellationToken);
        return _index.Read(part, await new PartReader(reader, part.Length).ReadAsync(part, cancellationToken));
    }

    /// <summary>The apps that the repository names, in the order of their ids.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ContentDamaged"/>: the index is damaged or gone; an update brings it again.</exception>
    public async Task<IReadOnlyList<AppId>> ListAsync(CancellationToken cancellationToken = default) =>
        await StateAsync(cancellationToken) is { } state ? [.. (await DirectoryAsync(state.Index, cancellationToken)).Apps.Keys.Order(StringComparer.Ordinal).Select(AppId.Parse)] : [];

    /// <returns><c>null</c>: others came between.</returns>
    async Task<FdroidUpdate?> TryUpdateAsync(CancellationToken cancellationToken)
    {
        var held = await HeldAsync(cancellationToken);
        var before = held?.Value;
        var (entry, fingerprint) = FdroidEntry.Read(await _fetch.EntryAsync(cancellationToken), source.Fingerprint ?? before?.Fingerprint);
        if (before?.Fingerprint != fingerprint)
        {
            before = null; // the operator names another signer than before: what that one says is not measured by it
        }

        Refuse(entry, before);
        if (before?.Entry == entry.Sha256 && await store.FindAsync(before.Index, cancellationToken) is not null)
        {
            return new(FdroidUpdateKind.Current, before);
        }

        var fetched = 0L;
        var merged = before is null ? null : await TryMergeAsync(before, entry, count => fetched += count, cancellationToken);
        var taken = merged ?? await _fetch.FileAsync(entry.Index, body => _index.TakeAsync(body, cancellationToken), count => fetched += count, cancellationToken);
        var state = new FdroidState(source.Address, fingerprint, entry.Timestamp, entry.Sha256, taken.Info.Id, taken.Root, taken.Apps);
        return await CommitAsync(held, state, taken.Info, cancellationToken)
            ? new(merged is null ? FdroidUpdateKind.Whole : FdroidUpdateKind.Difference, state, fetched, taken.LeftOut)
            : null;
    }

    static void Refuse(FdroidEntry entry, FdroidState? before)
    {
        if (entry.Index.Length > MostOfIndex)
        {
            throw new PackageFormatException(PackageFault.Index, $"An index of {entry.Index.Length} bytes is too long.");
        }

        if (entry.Timestamp < before?.Timestamp)
        {
            throw new PackageFormatException(PackageFault.Index, "The repository is older than what was seen of it.");
        }

        if (entry.Timestamp == before?.Timestamp && entry.Sha256 != before.Entry)
        {
            throw new PackageFormatException(PackageFault.Index, "The repository says something else of the same time than before.");
        }
    }

    /// <summary>Fetches what has changed and applies it; <c>null</c>: there is no such difference, or it does not lead there.</summary>
    async Task<FdroidIndex.Taken?> TryMergeAsync(FdroidState before, FdroidEntry entry, Action<long> fetched, CancellationToken cancellationToken)
    {
        if (!entry.Differences.TryGetValue(before.Timestamp, out var file) || file.Length > MostOfDifference || file.Length >= entry.Index.Length)
        {
            return null;
        }

        try
        {
            var difference = new byte[file.Length];
            await _fetch.FileAsync(
                file,
                async body =>
                {
                    await body.ReadExactlyAsync(difference, cancellationToken);
                    return await body.ReadAsync(new byte[1], cancellationToken); // its end, where it is known to be the file
                },
                fetched,
                cancellationToken);
            return await _index.MergeAsync(before, difference, entry, cancellationToken);
        }
        catch (Exception fault) when (fault is PackageFormatException or SharingException { Code: ProblemCodes.FetchFailed or ProblemCodes.ContentDamaged })
        {
            return null;
        }
    }

    async Task<bool> CommitAsync(Versioned<FdroidState>? held, FdroidState state, ContentInfo index, CancellationToken cancellationToken)
    {
        var batch = new RecordBatch();
        if (!await references.AddAsync(batch, index, Owner, cancellationToken))
        {
            return false; // the sweep is taking it away this moment
        }

        if (held is not null && held.Value.Index != index.Id)
        {
            await references.RemoveAsync(batch, held.Value.Index, Owner, cancellationToken);
        }

        batch.Put(Key, state, FdroidJson.Default.FdroidState, held?.Version ?? RecordBatch.Absent);
        return (await records.CommitAsync(batch, cancellationToken)).Committed;
    }

    ValueTask<Versioned<FdroidState>?> HeldAsync(CancellationToken cancellationToken) => records.GetAsync(Key, FdroidJson.Default.FdroidState, cancellationToken);

    async ValueTask<Directory> DirectoryAsync(ContentId index, CancellationToken cancellationToken)
    {
        if (_directory is { } directory && directory.Index == index)
        {
            return directory;
        }

        var parts = await _index.PartsAsync(index, cancellationToken);
        return _directory = new(index, parts.Where(static part => part.IsApp && AppId.TryParse(part.Name, out _)).ToDictionary(static part => part.Name, StringComparer.Ordinal));
    }

    sealed record Directory(ContentId Index, Dictionary<string, IndexPart> Apps);
}
