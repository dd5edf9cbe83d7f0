using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sharing.Tour;

namespace Sharing.Deployment;

/// <summary>nginx in front of the hosts, set up as docs/run-a-server.md says it: an address for each server of the story, and behind it all processes that do its work. It ends with this process.</summary>
public sealed class Nginx : IAsyncDisposable
{
    /// <summary>Where Debian has it.</summary>
    public const string Installed = "/usr/sbin/nginx";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sharing-nginx-");
    readonly List<(Uri Front, IReadOnlyList<Uri> Behind)> _servers = [];
    readonly SemaphoreSlim _turn = new(1);
    Process? _process;

    string Settings => Path.Combine(_folder.FullName, "nginx.conf");

    /// <summary>An address that it will listen at.</summary>
    public static Uri Reserve() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}/"));

    /// <summary>Puts an address in front of processes, from the next start on.</summary>
    public void Add(Uri front, IReadOnlyList<Uri> behind) => _servers.Add((front, behind));

    /// <summary>Starts it, or has it take in what was added.</summary>
    public async Task StartAsync()
    {
        await _turn.WaitAsync(); // servers come up beside each other
        try
        {
            await StartOrReloadAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task StartOrReloadAsync()
    {
        // It may be reading its settings now: they change all at once. Until it has its pid file it cannot be told to read them again.
        await File.WriteAllTextAsync(Settings + ".new", Text());
        File.Move(Settings + ".new", Settings, overwrite: true);
        if (_process is null)
        {
            // Whoever reads from a pipe of ours learns that we have gone, however that was.
            _process = Process.Start(new ProcessStartInfo("bash", ["-c", $"{Installed} -e '{_folder}/log' -c '{Settings}' & cat > /dev/null; kill $! 2> /dev/null; wait"]) { RedirectStandardInput = true, UseShellExecute = false })!;
            while (new FileInfo(Path.Combine(_folder.FullName, "pid")) is not { Exists: true, Length: > 0 } && !_process.HasExited)
            {
                await Task.Delay(20);
            }
        }
        else
        {
            using var reload = Process.Start(Installed, ["-e", $"{_folder}/log", "-c", Settings, "-s", "reload"]);
            await reload.WaitForExitAsync();
        }
    }

    /// <summary>Waits until an address answers through it: of hosts that were all down it tries none for a second.</summary>
    public static async Task AnswersAsync(Uri front)
    {
        using var http = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(front, "health/ready"));
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (tries < 600)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _turn.Dispose();
        _folder.Delete(recursive: true);
    }

    string Text()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            pid {{_folder}}/pid;
            worker_processes 1;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{_folder}}/body; proxy_temp_path {{_folder}}/proxy; fastcgi_temp_path {{_folder}}/fastcgi; uwsgi_temp_path {{_folder}}/uwsgi; scgi_temp_path {{_folder}}/scgi;
              proxy_connect_timeout 1s; proxy_next_upstream error timeout;
              proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_request_buffering off; proxy_buffering off; client_max_body_size 0;
              proxy_read_timeout 1h;

            """));
        foreach (var (front, behind) in _servers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  upstream at{front.Port} {{ {string.Concat(behind.Select(static one => $"server {one.Authority} fail_timeout=1s; "))}}}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  server {{ listen {front.Authority}; location / {{ proxy_pass http://at{front.Port}; }} }}");
        }

        return text.Append("}\n").ToString();
    }
}
