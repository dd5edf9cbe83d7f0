using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The spread index, as far as it is on this terminal: for each content that it announced, what it knows of others, which it exchanges with them. Thread-safe singleton.</summary>
/// <remarks>What is not announced again within <see cref="P2POptions.AnnouncementLife"/> is taken back by itself.</remarks>
public sealed class SpreadSwarms : IDisposable
{
    readonly ConcurrentDictionary<ContentId, Running> _swarms = new();
    readonly CancellationTokenSource _stop = new();
    readonly ISpreadWire _wire;
    readonly DeviceIdentity _identity;
    readonly P2POptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly long _began;

    /// <param name="clients">The guarded clients.</param>
    /// <param name="addresses">Where terminals are.</param>
    /// <param name="identity">This terminal.</param>
    /// <param name="options">How long announcements count.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes the log.</param>
    public SpreadSwarms(IHttpClientFactory clients, PeerAddresses addresses, DeviceIdentity identity, IOptions<P2POptions> options, TimeProvider time, ILogger<SpreadSwarms> logger)
        : this(new HttpSpreadWire(clients, addresses, time), identity, options.Value, time, logger) => RunsByItself = true;

    internal SpreadSwarms(ISpreadWire wire, DeviceIdentity identity, P2POptions options, TimeProvider time, ILogger logger) =>
        (_wire, _identity, _options, _time, _logger, _began) = (wire, identity, options, time, logger, time.GetTimestamp());

    bool RunsByItself { get; }

    long Now => (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Answers another terminal that asks who else is there; <c>null</c>: that content is not announced here, or the question is none.</summary>
    /// <param name="ticket">The ticket that he showed, which was checked.</param>
    /// <param name="question">What he asks.</param>
    public byte[]? Answer(ShareTicket ticket, ReadOnlyMemory<byte> question) =>
        question.Length <= SpreadMessages.MostQuestion && _swarms.TryGetValue(ticket.Content, out var running) ? running.Swarm.Answer(question.Span, Now) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    internal async ValueTask<SwarmView> AnnounceAsync(ShareManifest manifest, IReadOnlyList<SwarmMember> start, SwarmMember member, ChunkSet chunks, string ticket, CancellationToken cancellationToken)
    {
        if (!_swarms.TryGetValue(manifest.Content, out var running))
        {
            var fresh = new Running(manifest, await MakeAsync(manifest, cancellationToken));
            running = _swarms.GetOrAdd(manifest.Content, fresh);
            if (ReferenceEquals(running, fresh) && RunsByItself)
            {
                _ = RunAsync(running);
            }
        }

        running.Start = start;
        var now = Now;
        running.Swarm.Say(member, chunks, ticket, now);
        var (members, count) = running.Swarm.Look(_options.MembersPerAnswer, now);
        return new SwarmView(members, count, _options.AnnouncementLife);
    }

    internal void Leave(ContentId content)
    {
        if (_swarms.TryGetValue(content, out var running))
        {
            running.Swarm.Leave(Now);
        }
    }

    internal SpreadSwarm? Find(ContentId content) => _swarms.GetValueOrDefault(content)?.Swarm;

    /// <summary>Exchanges once for each content.</summary>
    internal async Task TickAsync(CancellationToken cancellationToken)
    {
        foreach (var (content, running) in _swarms)
        {
            if (running.Swarm.IsOver(Now))
            {
                _swarms.TryRemove(new(content, running));
            }
            else
            {
                await ExchangeAsync(running, cancellationToken);
            }
        }
    }

    async Task RunAsync(Running running)
    {
        try
        {
            while (!running.Swarm.IsOver(Now))
            {
                await ExchangeAsync(running, _stop.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(SpreadSwarm.Pause), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return; // this host stops
        }
        finally
        {
            _swarms.TryRemove(new(running.Manifest.Content, running));
        }
    }

    ValueTask ExchangeAsync(Running running, CancellationToken cancellationToken) => running.Swarm.ExchangeAsync(running.Start, () => Now, async (partner, question) =>
    {
        try
        {
            return await _wire.AskAsync(partner, running.Manifest.Ticket, question, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            P2PLog.PartnerUnreached(_logger, running.Manifest.Share, partner.Device, e.GetBaseException().Message);
            return null;
        }
    });

    async Task<SpreadSwarm> MakeAsync(ShareManifest manifest, CancellationToken cancellationToken)
    {
        var certificate = (await _identity.CertificateAsync(cancellationToken)).TargetCertificate;
        var content = new ContentInfo(manifest.Content, manifest.Length);
        var chunks = (int)Math.Min(ChunkSet.Most, (manifest.Length + manifest.ChunkSize - 1) / manifest.ChunkSize);
        var setting = new SpreadSwarm.Setting(
            chunks, (int)_options.AnnouncementLife.TotalMilliseconds, certificate.PublicKey.ExportSubjectPublicKeyInfo(), text => DeviceIdentity.Sign(certificate, text),
            (record, known) => record.TicketExpires <= _time.GetUtcNow().UtcTicks ? null : record.IsTrue(content, manifest.TicketKey, known));
        return new SpreadSwarm(setting, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
    }

    sealed class Running(ShareManifest manifest, SpreadSwarm swarm)
    {
        public ShareManifest Manifest => manifest;

        public SpreadSwarm Swarm => swarm;

        public IReadOnlyList<SwarmMember> Start { get; set; } = [];
    }
}
