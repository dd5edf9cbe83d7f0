using System.Diagnostics;

namespace Sharing.Tests.Http;

/// <summary>A download by the real curl, which goes on only as fast as its output is taken.</summary>
sealed class CurlDownload : IAsyncDisposable
{
    readonly Process _curl;
    readonly MemoryStream _taken = new();
    readonly Task<string> _errors;

    CurlDownload(Process curl) => (_curl, _errors) = (curl, curl.StandardError.ReadToEndAsync());

    /// <summary>Starts it; curl fails where the answer is not 2xx.</summary>
    public static CurlDownload Start(Uri address, params string[] args)
    {
        var start = new ProcessStartInfo("curl", ["-sS", "-N", "--fail", "--http1.1", "--max-time", "300", .. args, address.ToString()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Takes until there are so many bytes.</summary>
    /// <returns>Whether there were so many.</returns>
    public async Task<bool> TakeAsync(int count)
    {
        var buffer = new byte[16 * 1024];
        while (_taken.Length < count)
        {
            var read = await _curl.StandardOutput.BaseStream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0)
            {
                return false;
            }

            _taken.Write(buffer, 0, read);
        }

        return true;
    }

    /// <summary>Takes the rest.</summary>
    /// <returns>All that came, after curl found it complete.</returns>
    public async Task<byte[]> ToEndAsync()
    {
        await _curl.StandardOutput.BaseStream.CopyToAsync(_taken, TestContext.Current.CancellationToken);
        await _curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(_curl.ExitCode == 0, $"curl ended with {_curl.ExitCode}: {await _errors}");
        return _taken.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_curl.HasExited)
        {
            _curl.Kill();
            await _curl.WaitForExitAsync();
        }

        _curl.Dispose();
        await _taken.DisposeAsync();
    }
}
