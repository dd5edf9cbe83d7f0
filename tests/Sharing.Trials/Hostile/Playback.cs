using System.Text;

namespace Sharing.Trials.Hostile;

/// <summary>A connection on which whatever is asked is answered by bytes that were given, and then by its end.</summary>
/// <param name="answer">Says what a request is answered with.</param>
sealed class Playback(Func<string, byte[]> answer) : Stream
{
    readonly StringBuilder _heard = new();
    readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    byte[]? _answer;
    int _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        await _asked.Task.WaitAsync(cancellationToken);
        _answer ??= answer(_heard.ToString());
        var read = Math.Min(buffer.Length, _answer.Length - _read);
        _answer.AsMemory(_read, read).CopyTo(buffer);
        _read += read;
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_asked.Task.IsCompleted)
        {
            return default;
        }

        _heard.Append(Encoding.Latin1.GetString(buffer.Span));
        var text = _heard.ToString();
        if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0 && (!text.StartsWith("PUT", StringComparison.Ordinal) || text.Length > end + 4))
        {
            _asked.TrySetResult();
        }

        return default;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _asked.TrySetResult();
        base.Dispose(disposing);
    }
}
