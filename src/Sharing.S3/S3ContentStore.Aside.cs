using System.Runtime.CompilerServices;

namespace Sharing.S3;

public sealed partial class S3ContentStore
{
    /// <inheritdoc/>
    public async ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        while (await Records.GetAsync(S3Records.Object(id), cancellationToken) is { } record)
        {
            if (await PutAsideAsync(new RecordBatch().Delete(record.Key, record.Version), id, S3Records.ReadObject(record), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts objects aside that no record names: of contents that are in the bucket and, since the database was restored from an older backup, not in the
    /// records. Pieces that belong to no partial content are deleted. What is younger than a day is left alone.</summary>
    /// <inheritdoc/>
    public async ValueTask<int> QuarantineStraysAsync(CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        HashSet<string> owned = new(StringComparer.Ordinal);
        await foreach (var record in Records.ScanAsync(S3Records.Partials, cancellationToken))
        {
            var known = S3Records.ParsePartial(record.Json.Span);
            var partial = await TryWholeAsync(known, cancellationToken) ?? known; // pieces that no list names any more are worth nothing
            owned.UnionWith(partial.Keys());
            if (Time.GetUtcNow() - partial.Touched > s_young)
            {
                // Whoever slept since then, with a piece that is in no record yet, must not name it now.
                await Records.CommitAsync(new RecordBatch().Put(record.Key, record.Json, record.Version), cancellationToken);
            }
        }

        var strays = 0;
        foreach (var under in (string[])[ObjectNames.Contents, ObjectNames.Pieces])
        {
            await foreach (var (key, length, modified) in Bucket.ListAsync(under, cancellationToken))
            {
                if (Time.GetUtcNow() - modified > s_young && await IsStrayAsync(key, length, owned, cancellationToken))
                {
                    strays++;
                }
            }
        }

        return strays;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentId> ListQuarantinedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in Records.ScanAsync(S3Records.Asides, cancellationToken))
        {
            yield return ContentId.Parse(record.Key.Part(0));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DropQuarantinedAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        while (await Records.GetAsync(S3Records.Aside(id), cancellationToken) is { } record)
        {
            var batch = new RecordBatch();
            var after = Take(batch, id, record);
            if ((await Records.CommitAsync(batch, cancellationToken)).Committed)
            {
                await after();
                return;
            }
        }
    }

    /// <summary>What was put aside before makes room for what is now.</summary>
    async Task<bool> PutAsideAsync(RecordBatch batch, ContentId id, ObjectRecord put, CancellationToken cancellationToken)
    {
        var before = await Records.GetAsync(S3Records.Aside(id), cancellationToken);
        var after = before is null ? static () => default : Owe(batch, id, S3Records.ReadObject(before).Name);
        batch.Put(S3Records.Aside(id), put, before?.Version ?? RecordBatch.Absent);
        if (!(await Records.CommitAsync(batch, cancellationToken)).Committed)
        {
            return false;
        }

        await after();
        return true;
    }

    async Task<bool> IsStrayAsync(string key, long length, HashSet<string> owned, CancellationToken cancellationToken)
    {
        if (key.StartsWith(ObjectNames.Pieces, StringComparison.Ordinal))
        {
            return !owned.Contains(key) && await DeleteStrayAsync(key);
        }

        if (ObjectNames.Parse(key) is not var (id, name, isGroups) || owned.Contains(key)
            || await IsNamedAsync(S3Records.Object(id), name, cancellationToken) || await IsNamedAsync(S3Records.Aside(id), name, cancellationToken))
        {
            return false; // not ours, or where it belongs
        }

        return isGroups || await Records.GetAsync(S3Records.Aside(id), cancellationToken) is not null
            ? await DeleteStrayAsync(key)
            : await PutAsideAsync(new RecordBatch().Check(S3Records.Gone(name), RecordBatch.Absent), id, new(name, length), cancellationToken); // not what is being deleted
    }

    async ValueTask<bool> IsNamedAsync(RecordKey key, string name, CancellationToken cancellationToken = default) =>
        await Records.GetAsync(key, cancellationToken) is { } record && S3Records.ReadObject(record).Name == name;

    async Task<bool> DeleteStrayAsync(string key)
    {
        await TryDeleteAsync([key]);
        return true;
    }
}
