using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the shares that somebody has fetched, and those of which the terminal is the origin. Files in folders of his own, also those where downloads were saved, are his and stay.</summary>
sealed class TerminalPersonalData(IRecordStore records, IContentStore store, HeldShares held, SwarmNode node, OwnShares own) : IPersonalData
{
    public string Name => "terminal";

    public IReadOnlyCollection<string> RecordKinds => ["held-share", "own-share"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        var fetched = HeldAsync(person, cancellationToken).Select(static share => new PersonalHeldShare(share.Manifest.Share, share.Manifest.Name, share.Manifest.MediaType, share.Manifest.Content, share.Manifest.Length, share.Server));
        await archive.AddListAsync("fetched", fetched, PersonalP2PJson.Default.PersonalHeldShare, cancellationToken);
        await archive.AddListAsync(
            "shared", OwnAsync(person, cancellationToken).Select(static share => new PersonalOwnShare(ShareOf(share), share.Value.Name, share.Value.Content, share.Value.Server, share.Value.IsComplete)),
            PersonalP2PJson.Default.PersonalOwnShare, cancellationToken);
        await foreach (var share in HeldAsync(person, cancellationToken))
        {
            // Of what is not all here yet, and of what lies in a folder of his, there is no content. When it came nobody knows.
            if (await store.FindAsync(share.Manifest.Content, cancellationToken) is not null)
            {
                await archive.AddContentAsync(["files", share.Manifest.Name], share.Manifest.Content, default, cancellationToken);
            }
        }
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var isClean = true; // a fetch may be under way: what was found is looked for once more
        await foreach (var share in HeldAsync(person, cancellationToken))
        {
            isClean = false;
            await node.ForgetAsync(share.Manifest.Content, cancellationToken);
        }

        await foreach (var share in OwnAsync(person, cancellationToken))
        {
            isClean = false;
            await own.ForgetAsync(ShareOf(share), cancellationToken);
        }

        return isClean;
    }

    IAsyncEnumerable<HeldShare> HeldAsync(PersonId person, CancellationToken cancellationToken) => held.ListAsync(cancellationToken).Where(share => share.Actor == person);

    IAsyncEnumerable<Versioned<OwnShare>> OwnAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(OwnShares.All, FolderRecords.Default.OwnShare, cancellationToken).Where(share => share.Value.Owner == person);

    static ShareId ShareOf(Versioned<OwnShare> share) => ShareId.Parse(share.Key.Part(0));
}
