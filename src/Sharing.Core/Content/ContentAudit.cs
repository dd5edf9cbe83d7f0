using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Holds the records about contents against each other and against the store. Changes nothing; thread-safe.</summary>
/// <remarks>On data that is in use, what changes meanwhile may be found wrong: run it again.</remarks>
public sealed class ContentAudit(IRecordStore records, IContentStore store)
{
    /// <summary>Looks through everything; bytes are not hashed (<see cref="ContentScrub"/> does that).</summary>
    public async IAsyncEnumerable<ContentFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var content in records.ScanAsync(ContentKeys.Contents, ContentRecordsJson.Default.ContentRecord, cancellationToken))
        {
            var id = ContentId.Parse(content.Key.Part(0));
            var references = await records.ScanAsync(RecordRange.Under("reference", id.ToString()), cancellationToken).CountAsync(cancellationToken);
            if (references != content.Value.References || references > 0 != (content.Value.State == ContentState.Live))
            {
                yield return new(ContentFindingKind.WrongCount, id, $"it is {content.Value.State} and counts {content.Value.References} references; there are {references}");
            }

            var stored = await store.FindAsync(id, cancellationToken);
            if (content.Value.State == ContentState.Live && stored is null)
            {
                yield return new(ContentFindingKind.Missing, id, "somebody refers to it, and it is not in the store");
            }
            else if (stored is { } there && there.Length != content.Value.Length)
            {
                yield return new(ContentFindingKind.Damaged, id, $"it has {there.Length} bytes instead of {content.Value.Length}");
            }
        }

        await foreach (var finding in WithoutRecordAsync(cancellationToken))
        {
            yield return finding;
        }
    }

    async IAsyncEnumerable<ContentFinding> WithoutRecordAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var reference in records.ScanAsync(RecordRange.Under("reference"), cancellationToken))
        {
            var id = ContentId.Parse(reference.Key.Part(0));
            if (await records.GetAsync(ContentKeys.Content(id), cancellationToken) is null)
            {
                yield return new(ContentFindingKind.WrongCount, id, $"'{reference.Key.Part(1)}' refers to it, and it has no record");
            }
        }

        await foreach (var info in store.ListAsync(cancellationToken))
        {
            if (await records.GetAsync(ContentKeys.Content(info.Id), cancellationToken) is null)
            {
                yield return new(ContentFindingKind.Unreferenced, info.Id, "nobody refers to it; a sweep takes it away after its grace");
            }
        }
    }
}
