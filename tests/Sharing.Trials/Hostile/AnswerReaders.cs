using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Trials.Hostile;

/// <summary>Asks for each kind of frame as the product does, and reads the answer to its end.</summary>
sealed class AnswerReaders(HostileClient client, ShareManifest manifest, SwarmMember member)
{
    const int MostEvents = 100_000;

    public bool Knows(string name) => name is "content" or "any" or "groups" or "held" or "manifest" or "announce" or "leave" or "list";

    public async Task ReadAsync(string name, Uri host, CancellationToken cancellationToken)
    {
        var peer = new PeerSource(client.Http, host, manifest, new("x", SourceKind.Peer));
        switch (name)
        {
            case "content":
                await DrainAsync(await peer.OpenPartAsync(65536, 131072, cancellationToken), 131072, cancellationToken);
                break;
            case "any":
                var server = new PeerSource(client.Http, host, manifest, new("x", SourceKind.Server));
                if (await server.OpenAnyAsync([new(0, 65536), new(131072, 65536)], cancellationToken) is var (_, body))
                {
                    await DrainAsync(body, 65536, cancellationToken);
                }

                break;
            case "groups":
                await DrainAsync(await peer.OpenGroupsAsync(cancellationToken), ContentTree.GroupCount(manifest.Length) * ContentId.Size, cancellationToken);
                break;
            case "held":
                var events = 0;
                await foreach (var _ in peer.WatchHeldAsync(cancellationToken)!)
                {
                    if (++events > MostEvents)
                    {
                        throw new InvalidOperationException("It says without end what it has.");
                    }
                }

                break;
            default:
                await ReadJsonAsync(name, host, cancellationToken);
                break;
        }
    }

    async Task ReadJsonAsync(string name, Uri host, CancellationToken cancellationToken)
    {
        var connection = new ServerConnection(client.Http, host, static (_, _) => ValueTask.FromResult<string?>(null));
        var (shares, index) = (new HttpShares(connection), new HttpChunkIndex(connection));
        switch (name)
        {
            case "manifest":
                if (await shares.OpenAsync(null, manifest.Share, member.Device, cancellationToken) is { } told)
                {
                    Tickets.Read(told.Ticket, told.TicketKey, DateTimeOffset.UnixEpoch);
                }

                break;
            case "list":
                await foreach (var _ in shares.ListAsync(PersonId.Parse("anna"), cancellationToken))
                {
                    continue;
                }

                break;
            case "leave":
                await index.LeaveAsync(manifest.Content, member.Device, manifest.Ticket, cancellationToken);
                break;
            default:
                foreach (var one in (await index.AnnounceAsync(manifest.Content, member, manifest.Ticket, cancellationToken)).Members)
                {
                    client.Node.SourceOf(one, manifest);
                }

                break;
        }
    }

    static async Task DrainAsync(Stream body, long most, CancellationToken cancellationToken)
    {
        await using var open = body;
        var (buffer, left) = (new byte[16 * 1024], most);
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if ((left -= read) < 0)
            {
                throw new InvalidOperationException("More is read than was asked for.");
            }
        }
    }
}
