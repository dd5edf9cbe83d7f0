using System.Globalization;
using System.Text;

namespace Sharing.Testing;

/// <summary>A request as it came over the line, with what makes the server close the connection after it.</summary>
sealed record HttpBytes(string Method, string Path, byte[] Bytes)
{
    const int MostHead = 64 * 1024;

    /// <summary>Reads one; <c>null</c> where the connection ends before it.</summary>
    public static async Task<HttpBytes?> RequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        var all = new List<byte>();
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = IndexOf(all, "\r\n\r\n"u8, 0)) < 0)
        {
            if (!await MoreAsync() || all.Count > MostHead)
            {
                return null;
            }
        }

        var lines = Encoding.Latin1.GetString([.. all[..end]]).Split("\r\n");
        var start = end + 4;
        if (Value(lines, "Expect") is not null)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
        }

        if (Value(lines, "Transfer-Encoding") is not null)
        {
            while (IndexOf(all, "0\r\n\r\n"u8, start) is var last && (last < 0 || last + 5 != all.Count))
            {
                if (!await MoreAsync())
                {
                    return null;
                }
            }
        }
        else
        {
            var length = int.Parse(Value(lines, "Content-Length") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);
            while (all.Count < start + length)
            {
                if (!await MoreAsync())
                {
                    return null;
                }
            }
        }

        var kept = lines.Where(static line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase)).Append("Connection: close");
        var words = lines[0].Split(' ');
        return new(words[0], words.Length > 1 ? words[1] : "", [.. Encoding.Latin1.GetBytes(string.Join("\r\n", kept) + "\r\n\r\n"), .. all[start..]]);

        async Task<bool> MoreAsync()
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            all.AddRange(buffer.AsSpan(0, read));
            return read > 0;
        }
    }

    static string? Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    static int IndexOf(List<byte> bytes, ReadOnlySpan<byte> what, int from)
    {
        var found = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[from..].IndexOf(what);
        return found < 0 ? -1 : found + from;
    }
}
