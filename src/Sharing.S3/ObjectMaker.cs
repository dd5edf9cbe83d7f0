namespace Sharing.S3;

/// <summary>Makes the objects of a content out of its partial: small ones in one request; large ones in parts, of which the store copies by itself what it has.</summary>
sealed class ObjectMaker(S3Bucket bucket, S3Partial partial, long unit)
{
    const int MostParts = 9_000; // S3 allows 10,000
    const int AtOnce = 4;

    readonly long _whole = 64 * unit;
    readonly long _window = 8 * unit;
    readonly long _leastPart = 5 * unit; // of all parts but the last, says S3
    readonly long _mostCopied = 512 * unit;

    public async Task MakeAsync(ContentInfo info, string name)
    {
        var groups = ContentLayout.IsOneGroup(info.Length)
            ? Task.CompletedTask
            : PutAsync(ContentArea.Groups, ObjectNames.Groups(info.Id, name), ContentLayout.AreaLength(ContentArea.Groups, info.Length));
        var data = PutAsync(ContentArea.Data, ObjectNames.Data(info.Id, name), info.Length);
        await Task.WhenAll(groups, data);
    }

    async Task PutAsync(ContentArea area, string key, long length)
    {
        if (length <= _whole && partial.Scratch(area).HereTo(0) >= length)
        {
            await PutHereAsync(area, 0, length, stream => bucket.PutAsync(key, stream, CancellationToken.None));
            return;
        }

        if (length <= _window)
        {
            await PutReadAsync(area, 0, length, stream => bucket.PutAsync(key, stream, CancellationToken.None));
            return;
        }

        var upload = await bucket.BeginAsync(key, CancellationToken.None);
        try
        {
            var tags = await PutPartsAsync(area, key, upload, length, copies: true) ?? await PutPartsAsync(area, key, upload, length, copies: false);
            await bucket.EndAsync(key, upload, tags ?? throw new IOException("The store took no parts."), length, CancellationToken.None);
        }
        catch
        {
            await GiveUpAsync(key, upload);
            throw;
        }
    }

    async Task GiveUpAsync(string key, string upload)
    {
        try
        {
            await bucket.AbortAsync(key, upload, CancellationToken.None);
        }
        catch (IOException)
        {
            // The sweep gives it up.
        }
    }

    /// <returns>The entity tags; <c>null</c>: the store cannot copy parts.</returns>
    async Task<string[]?> PutPartsAsync(ContentArea area, string key, string upload, long length, bool copies)
    {
        var parts = Plan(area, length, copies);
        var tags = new string?[parts.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, parts.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var (kind, start, end) = parts[i];
            switch (kind)
            {
                case PartKind.Copied:
                    var (_, _, piece) = partial.Stored.At(area, start);
                    tags[i] = await bucket.CopyPartAsync(ObjectNames.Piece(piece.Name), start - piece.Origin, end - piece.Origin, key, upload, i + 1, CancellationToken.None);
                    break;
                case PartKind.Here:
                    await PutHereAsync(area, start, end, PutPartAsync);
                    break;
                default:
                    await PutReadAsync(area, start, end, PutPartAsync);
                    break;
            }

            async Task PutPartAsync(Stream bytes) => tags[i] = await bucket.PutPartAsync(key, upload, i + 1, bytes, CancellationToken.None);
        });
        return tags.Contains(null) ? null : (string[])tags!;
    }

    List<(PartKind Kind, long Start, long End)> Plan(ContentArea area, long length, bool copies)
    {
        var least = Math.Max(_leastPart, (length / MostParts) + 1);
        List<(PartKind, long, long)> parts = [];
        for (long start = 0, end; start < length; start = end)
        {
            var here = Math.Min(length, partial.Scratch(area).HereTo(start));
            var (stored, found, _) = partial.Stored.At(area, start);
            (var kind, end) = Math.Min(here, start + _whole) is var local && (local - start >= least || local == length) ? (PartKind.Here, local)
                : copies && found && here == start && Math.Min(Math.Min(stored, NextHere(area, start)), Math.Min(length, start + _mostCopied)) is var copied && copied - start >= least ? (PartKind.Copied, copied)
                : (PartKind.Read, Math.Min(length, start + Math.Max(_window, least)));
            parts.Add((kind, start, end));
        }

        return parts;
    }

    long NextHere(ContentArea area, long start)
    {
        partial.Scratch(area).Read(start, [], out var next);
        return next;
    }

    async Task PutHereAsync(ContentArea area, long start, long end, Func<Stream, Task> put)
    {
        await using var stream = new RunStream([.. partial.Scratch(area).Open(start, end)]);
        await put(stream);
    }

    async Task PutReadAsync(ContentArea area, long start, long end, Func<Stream, Task> put)
    {
        var bytes = new byte[end - start];
        for (var filled = 0; filled < bytes.Length;)
        {
            filled += await partial.ReadInsideAsync(area, start + filled, bytes.AsMemory(filled), CancellationToken.None) is var read and > 0
                ? read
                : throw new IOException("There are fewer bytes than were written.");
        }

        await using var stream = new MemoryStream(bytes, writable: false);
        await put(stream);
    }

    enum PartKind
    {
        Here,
        Copied,
        Read,
    }
}
