using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Deletes messages, and uploads that were never sent, when they have had their time.</summary>
sealed class MessageSweep(MessageBook book, MessageUploads uploads) : ISweep
{
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        await book.SweepAsync(guard, cancellationToken);
        await uploads.SweepAsync(guard, cancellationToken);
    }
}
