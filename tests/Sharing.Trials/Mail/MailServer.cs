using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sharing.Trials.Mail;

/// <summary>A real SMTP server (Debian's aiosmtpd) that puts mail into a Maildir, and a real IMAP server (Debian's Dovecot) that reads it, on loopback. Needs to be root.</summary>
sealed class MailServer : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-mail-").FullName;
    readonly List<Process> _running = [];

    /// <summary>Where mail is taken, without TLS.</summary>
    public int SmtpPort { get; } = FreePort();

    int ImapPort { get; } = FreePort();

    public static async Task<MailServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new MailServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "dovecot.conf"), $$"""
            base_dir = {{server._folder}}/run
            log_path = {{server._folder}}/log
            protocols = imap
            ssl = no
            disable_plaintext_auth = no
            mail_location = maildir:{{server._folder}}/mail
            passdb {
              driver = static
              args = password=secret
            }
            userdb {
              driver = static
              args = uid=mail gid=mail home={{server._folder}}/home
            }
            service imap-login {
              inet_listener imap {
                address = 127.0.0.1
                port = {{server.ImapPort}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            first_valid_uid = 1
            """, cancellationToken);
        await RunAsync("bash", ["-c", $"chmod 755 '{server._folder}' && cd '{server._folder}' && mkdir -p mail/new mail/cur mail/tmp home && chown -R mail:mail mail home"], cancellationToken);
        server._running.Add(Process.Start(new ProcessStartInfo("/usr/sbin/dovecot", ["-F", "-c", Path.Combine(server._folder, "dovecot.conf")]) { RedirectStandardError = true })!);
        server._running.Add(Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-m", "aiosmtpd", "-u", "-n", "-l", $"127.0.0.1:{server.SmtpPort}", "-c", "aiosmtpd.handlers.Mailbox", Path.Combine(server._folder, "mail")]))!);
        foreach (var port in (int[])[server.SmtpPort, server.ImapPort])
        {
            await ListensAsync(port, cancellationToken);
        }

        return server;
    }

    /// <summary>The mails in the mailbox, once there are so many.</summary>
    public async Task<JsonElement[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        await RunAsync("chown", ["-R", "mail:mail", Path.Combine(_folder, "mail")], cancellationToken);
        var said = await RunAsync("/usr/bin/python3", [Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "data", "mail", "read.py"), $"{ImapPort}", "anybody", $"{count}"], cancellationToken);
        return JsonSerializer.Deserialize<JsonElement[]>(said)!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{program} failed: {await wrong}");
    }

    static async Task ListensAsync(int port, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (attempt < 600)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static string Here([CallerFilePath] string path = "") => path;
}
