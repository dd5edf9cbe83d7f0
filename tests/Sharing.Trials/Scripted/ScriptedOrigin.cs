using System.Collections.Concurrent;
using Sharing.Core;

namespace Sharing.Trials.Scripted;

/// <summary>An origin in memory that does as it is told. A read goes on with the version that it began with.</summary>
sealed class ScriptedOrigin(byte[] bytes, string? validator = "\"1\"") : IContentSource
{
    volatile Version _current = new(bytes, validator);
    long _delivered;

    public SourceTraits Traits { get; init; } = new("origin", SourceKind.Origin, 1);

    public bool KnowsRanges { get; set; } = true;

    /// <summary>If not, it answers a range of another version although it was asked for the old one.</summary>
    public bool KnowsIfRange { get; set; } = true;

    public bool TellsLength { get; set; } = true;

    /// <summary>Where it answers from, given where it was asked to.</summary>
    public Func<long, long>? AnswersFrom { get; set; }

    /// <summary>Asked before each piece, with its offset and length: how many of its bytes to deliver. 0 ends the body; or it may throw, or wait.</summary>
    public Func<long, int, CancellationToken, ValueTask<int>>? Before { get; set; }

    /// <summary>Told of each piece that was handed over.</summary>
    public Action<Version, long, int>? After { get; set; }

    /// <summary>Before, it says nothing.</summary>
    public Task Ready { get; init; } = Task.CompletedTask;

    /// <summary>Told of each read that begins.</summary>
    public Action? Opened { get; set; }

    public int Piece { get; set; } = 16 * 1024;

    public Version Current => _current;

    public long Delivered => Interlocked.Read(ref _delivered);

    public ConcurrentQueue<(long Offset, string? Validator)> Asked { get; } = [];

    public void Change(byte[] bytes, string? validator) => _current = new(bytes, validator);

    public async ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default)
    {
        await Ready.WaitAsync(cancellationToken);
        return SourceOffer.Unknown;
    }

    public async ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Enqueue((offset, validator));
        var version = _current;
        var start = !KnowsRanges || (validator is not null && validator != version.Validator && KnowsIfRange) ? 0 : offset;
        start = AnswersFrom?.Invoke(start) ?? start;
        start = start > version.Bytes.Length ? 0 : start; // no such range: whole then
        return Read(version, start, version.Bytes.Length);
    }

    /// <summary>Begins to read some bytes of a version.</summary>
    public SourceRead Read(Version version, long start, long end)
    {
        Opened?.Invoke();
        var offer = new SourceOffer { Length = TellsLength ? version.Bytes.Length : null, Validator = version.Validator, MediaType = "text/plain" };
        return new SourceRead(offer, start, new Body(this, version, start, end));
    }

    /// <summary>What it has at one time.</summary>
    public sealed record Version(byte[] Bytes, string? Validator);

    sealed class Body(ScriptedOrigin origin, Version version, long start, long end) : ReadOnlyStream
    {
        long _position = start;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(Math.Min(buffer.Length, origin.Piece), end - _position);
            if (count > 0 && origin.Before is { } before)
            {
                count = await before(_position, count, cancellationToken);
            }

            version.Bytes.AsMemory((int)_position, count).CopyTo(buffer);
            Interlocked.Add(ref origin._delivered, count);
            origin.After?.Invoke(version, _position, count);
            _position += count;
            return count;
        }
    }
}
