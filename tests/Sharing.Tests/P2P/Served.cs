using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sharing.Tests.P2P;

/// <summary>Counts what a host sends of shares, and keeps who asked for what.</summary>
sealed class Served : IStartupFilter
{
    long _bytes;

    /// <summary>Bytes of shares.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Requests, with their ranges, and how they were answered.</summary>
    public ConcurrentQueue<(string Path, string Range, int Status)> Requests { get; } = new();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            if (context.Request.Path.Value is { } path && (path.Contains("/content", StringComparison.Ordinal) || path.Contains("/file", StringComparison.Ordinal)))
            {
                context.Response.Body = new Counting(this, context.Response.Body);
            }

            try
            {
                await following(context);
            }
            finally
            {
                Requests.Enqueue((context.Request.Path, context.Request.Headers.Range.ToString(), context.Response.StatusCode));
            }
        });
        next(app);
    };

    sealed class Counting(Served served, Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            Interlocked.Add(ref served._bytes, buffer.Length);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
