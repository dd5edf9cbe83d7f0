using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Asks the networks that have a post and can say what people made of it. Thread-safe singleton.</summary>
sealed class NetworkResponsesReader(IRecordStore records, Outbox outbox, TimeProvider time, ILogger<NetworkResponsesReader> logger) : IResponses
{
    const int Most = 100;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<NetworkResponses>?> ListAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default)
    {
        if ((await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken))?.Value is not { Withdrawn: false } post || post.Owner != actor)
        {
            return null;
        }

        var lines = (await outbox.LedgerAsync(id, cancellationToken)).Where(static line => line.RemoteId is not null).ToDictionary(static line => line.Network, StringComparer.Ordinal);
        return await Task.WhenAll(outbox.Publishers.Where(publisher => publisher is IPostResponses && lines.ContainsKey(publisher.Traits.Network))
            .OrderBy(static publisher => publisher.Traits.Network, StringComparer.Ordinal).Select(publisher => AskAsync(publisher, lines[publisher.Traits.Network].RemoteId!, actor, id, cancellationToken)));
    }

    async Task<NetworkResponses> AskAsync(ISocialPublisher publisher, string remoteId, PersonId actor, PostId id, CancellationToken cancellationToken)
    {
        var network = publisher.Traits.Network;
        if (await outbox.AccountAsync(publisher, actor, cancellationToken) is not { } account)
        {
            return new(network, [], "The account is not connected.");
        }

        var (responses, trouble) = await NetworkQuestion.AskAsync(network, limited => ((IPostResponses)publisher).ReadAsync(remoteId, Most, account, limited), s_patience, time, cancellationToken);
        if (trouble is { } known)
        {
            OfflineLog.ResponsesNotRead(logger, id, network, known.Fault.Message);
        }

        return new(network, responses ?? [], trouble?.Told);
    }
}
