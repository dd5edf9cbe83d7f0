using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On the shared-data server: what somebody shares from his space, and which terminals are his. Uploads under way and the room that is taken are the uploads' own part.</summary>
/// <remarks>Tickets that were given out name shares and terminals, and are kept nowhere; they open nothing more once the bytes are swept. What of his shares others have fetched they keep.</remarks>
sealed class SharesPersonalData(IRecordStore records, RecordShares shares, IChunkIndex index, ServerAdvice advice, PeerDoor door) : IPersonalData
{
    public string Name => "shares";

    public IReadOnlyCollection<string> RecordKinds => ["share", "share-of", "device-of"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("shares", shares.ListAsync(person, cancellationToken), P2PJson.Default.SharedFile, cancellationToken);
        await archive.AddListAsync("terminals", DevicesAsync(person, cancellationToken).Select(static device => device.Key.Part(0)), P2PJson.Default.String, cancellationToken);
        await foreach (var share in shares.ListAsync(person, cancellationToken))
        {
            await archive.AddContentAsync(["files", share.Name], share.Content, share.Created, cancellationToken);
        }
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var isClean = true; // an upload may end just now: what was found is looked for once more
        await foreach (var share in shares.ListAsync(person, cancellationToken))
        {
            isClean = false;
            await shares.RemoveAsync(person, share.Id, cancellationToken);
        }

        await foreach (var device in DevicesAsync(person, cancellationToken))
        {
            isClean = false;
            Forget(device.Key.Part(0));
            await records.CommitAsync(new RecordBatch().Delete(device.Key, device.Version), cancellationToken);
        }

        return isClean;
    }

    /// <summary>What is in memory of a terminal; on other hosts it goes with its announcements, within a minute.</summary>
    void Forget(string device)
    {
        if (DeviceName.Parse(device) is { } name)
        {
            (index as MemoryChunkIndex)?.Forget(name);
            advice.Forget(name);
        }

        door.Forget(device);
    }

    IAsyncEnumerable<Versioned<string>> DevicesAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("device-of"), P2PJson.Default.String, cancellationToken).Where(device => device.Value == person.Value);
}
