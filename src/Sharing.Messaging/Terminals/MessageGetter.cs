using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Fetches what a message brings: from the server that has it, and from the addresses that it names, whichever is cheaper, proven as it comes (row M1). Thread-safe.</summary>
/// <param name="home">The server.</param>
/// <param name="engine">Fetches.</param>
/// <param name="contents">Keeps what was fetched.</param>
/// <param name="records">Keeps how far a transfer is.</param>
/// <param name="clients">Makes the guarded clients.</param>
public sealed class MessageGetter(MessageHome home, TransferEngine engine, IContentStore contents, IRecordStore records, IHttpClientFactory clients)
{
    /// <summary>Fetches it, or goes on where an earlier call was broken off; what is here already is not fetched again.</summary>
    /// <param name="actor">Whose message.</param>
    /// <param name="message">The message.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the same call goes on later.</param>
    /// <returns>The bytes, to be disposed.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSource"/>: nobody has it; <see cref="ProblemCodes.ContentMismatch"/>: other bytes came than were announced.</exception>
    public async Task<IContentReader> GetAsync(PersonId actor, Message message, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var resource = message.Resource;
        if (resource.Content is { } known && await contents.OpenAsync(known, cancellationToken) is { } here)
        {
            return here;
        }

        List<IContentSource> sources = [];
        if (resource.IsHeld)
        {
            sources.Add(new HttpOriginSource(clients.CreateClient(GuardedClient.Services), new Uri(home.Server, $"v1/inbox/{message.Id}/content"), token => home.TokenOf(actor, token)));
        }

        sources.AddRange(resource.Addresses.Select(address => new HttpOriginSource(clients.CreateClient(GuardedClient.Name), address)));
        if (sources.Count == 0)
        {
            throw new SharingException(ProblemCodes.NoSource, "The message does not say where it can be had.");
        }

        await using var transfer = await engine.StartAsync(
            new() { Key = $"message.{message.Id}", Sources = sources, Content = resource.Content, MaxLength = resource.Length ?? 0, Progress = progress }, cancellationToken);
        var result = await transfer.Completion.WaitAsync(cancellationToken);
        await records.CommitAsync(new RecordBatch().Delete(result.State, RecordBatch.Any), cancellationToken); // nothing is to be gone on with
        return await contents.OpenAsync(result.Content.Id, cancellationToken) ?? throw new SharingException(ProblemCodes.NoSource, "What was fetched was deleted just now.");
    }
}
