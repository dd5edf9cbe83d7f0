using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Makes room by letting a person's oldest photos go (row F7). Thread-safe singleton.</summary>
sealed class Eviction(PhotoBook book, IOptions<PhotoOptions> options)
{
    /// <summary>The oldest photos that together have so many bytes; <c>null</c>: all of them have fewer.</summary>
    public async ValueTask<IReadOnlyList<Versioned<StoredPhoto>>?> ChooseAsync(PersonId owner, long missing, CancellationToken cancellationToken)
    {
        var chosen = new List<Versioned<StoredPhoto>>();
        await foreach (var id in book.IdsAsync(PhotoKeys.Age(owner), cancellationToken))
        {
            if (missing <= 0)
            {
                break;
            }

            if (await book.FindAsync(id, cancellationToken) is { } photo)
            {
                chosen.Add(photo);
                missing -= photo.Value.Content.Length;
            }
        }

        return missing <= 0 ? chosen : null;
    }

    /// <summary>Adds to a batch what deletes them.</summary>
    /// <returns>How many bytes that gives; 0, and nothing added: it cannot be done, or the host chose otherwise.</returns>
    public async ValueTask<long> EvictAsync(RecordBatch batch, PersonId owner, long missing, CancellationToken cancellationToken) =>
        options.Value.Evicts && await ChooseAsync(owner, missing, cancellationToken) is { } chosen ? await book.DeleteAsync(batch, chosen, cancellationToken) : 0;
}
