using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

/// <summary>The rest of the web, for this example on loopback: a film to download, and a guestbook.</summary>
sealed class Web : IDisposable
{
    readonly HttpListener _listener = new();
    readonly byte[] _film = new byte[1_000_000];

    public Web()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        new Random(1).NextBytes(_film);
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = AnswerAsync();
    }

    public Uri Address { get; }

    /// <summary>What is written in the guestbook.</summary>
    public ConcurrentDictionary<string, string> Entries { get; } = new();

    public void Dispose() => _listener.Close();

    async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context.Request, context.Response));
        }
    }

    async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        if (request.HttpMethod == "GET" && request.Url!.AbsolutePath == "/film.mkv")
        {
            response.ContentType = "video/x-matroska";
            response.ContentLength64 = _film.Length;
            await response.OutputStream.WriteAsync(_film);
        }
        else if (request.HttpMethod == "PUT" && request.Headers["Authorization"] == "Bearer my-token")
        {
            using var body = new StreamReader(request.InputStream);
            Entries[request.Url!.AbsolutePath] = await body.ReadToEndAsync();
            response.StatusCode = 201;
        }
        else
        {
            response.StatusCode = request.HttpMethod == "PUT" ? 401 : 404;
        }

        response.Close();
    }
}
