using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Tour;

namespace Sharing.Deployment;

/// <summary>Dora, who writes to Emil without a pause for as long as the story lasts, and keeps account of what was acknowledged.</summary>
sealed class Writer : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly HttpClient _http;
    readonly TourPerson _dora = new("dora", "Dora"), _emil = new("emil", "Emil");
    readonly CancellationTokenSource _stop = new();
    Task? _writing;
    volatile int _sent, _failed;

    public Writer()
    {
        // The client that terminals have: it repeats what has a key, such as a message that was on its way to a process as that one ended.
        _services = new ServiceCollection().AddSharing(static sharing => sharing.WithFetching(static fetching => fetching.Services.Add("127.0.0.1"))).BuildServiceProvider();
        _http = _services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
    }

    /// <summary>The two, as a server's settings name them.</summary>
    public IEnumerable<string> People => [.. _dora.Configuration(10), .. _emil.Configuration(11)];

    /// <summary>How many messages were acknowledged.</summary>
    public int Sent => _sent;

    /// <summary>How many tries were not.</summary>
    public int Failed => _failed;

    public void Start(Uri server) => _writing ??= WriteAsync(new HttpMessages(At(server)));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await (_writing ?? Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _http.Dispose();
        await _services.DisposeAsync();
    }

    /// <summary>What Emil has, as a process answers.</summary>
    public async Task<List<string>> ReadAsync(Uri process)
    {
        List<string> texts = [];
        var inbox = new HttpInbox(At(process), TimeProvider.System);
        for (var after = 0L; ;)
        {
            var page = await inbox.ReadAsync(PersonId.Parse(_emil.Id), new() { After = after, Count = InboxQuery.Most });
            if (page.Messages.Count == 0)
            {
                return texts;
            }

            texts.AddRange(page.Messages.Select(static message => message.Text ?? ""));
            after = page.Next;
        }
    }

    ServerConnection At(Uri server) => new(_http, server, (person, _) => ValueTask.FromResult<string?>(person?.Value == _dora.Id ? _dora.Token : _emil.Token));

    // The same message under the same key until it is acknowledged: it arrives once, however often it was sent.
    async Task WriteAsync(HttpMessages messages)
    {
        while (!_stop.IsCancellationRequested)
        {
            var text = $"No. {_sent + 1}";
            var draft = new MessageDraft { To = [_emil.Id], Text = text, Resource = new() { Name = "x", Addresses = [new("https://films.example/x")] } };
            while (true)
            {
                try
                {
                    await messages.SendAsync(PersonId.Parse(_dora.Id), draft, text);
                    _sent++;
                    break;
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException or SharingException)
                {
                    _failed++;
                    if (_stop.IsCancellationRequested)
                    {
                        return;
                    }

                    await Task.Delay(50);
                }
            }

            await Task.Delay(10);
        }
    }
}
