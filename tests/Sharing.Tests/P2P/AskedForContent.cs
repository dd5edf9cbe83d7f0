using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sharing.Tests.P2P;

/// <summary>What a server was asked, for tests that wait for it.</summary>
sealed class AskedForContent : IStartupFilter
{
    readonly Lock _lock = new();
    readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    readonly List<(string Method, string Path, string? Offset)> _uploads = [];
    int _count;

    /// <summary>The requests for uploads: method, path, and the offset that it began at.</summary>
    public IReadOnlyList<(string Method, string Path, string? Offset)> Uploads
    {
        get
        {
            lock (_lock)
            {
                return [.. _uploads];
            }
        }
    }

    /// <summary>Ends when bytes, hashes or lists of shares were asked for so often.</summary>
    public Task AtLeastAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_count >= count)
            {
                reached.SetResult();
            }

            _waiting.Add((count, reached));
            return reached.Task;
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            Note(context.Request);
            await rest(context);
        });
        next(app);
    };

    void Note(HttpRequest request)
    {
        lock (_lock)
        {
            if (request.Path.StartsWithSegments("/v1/uploads"))
            {
                _uploads.Add((request.Method, request.Path, request.Headers["Upload-Offset"]));
            }

            if (request.Path.StartsWithSegments("/p"))
            {
                _count++;
                _waiting.ForEach(one => _ = _count >= one.Count && one.Reached.TrySetResult());
            }
        }
    }
}
