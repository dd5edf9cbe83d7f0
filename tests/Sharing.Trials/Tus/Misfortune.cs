using System.Security.Cryptography;

namespace Sharing.Trials.Tus;

/// <summary>One thing that goes wrong with an upload. Wrong bytes are sent only where they must not count.</summary>
/// <param name="path">The upload.</param>
/// <param name="bytes">All of it.</param>
/// <param name="offset">Where it stood.</param>
/// <param name="chance">Which.</param>
/// <param name="port">The server's.</param>
/// <param name="keep">Takes connections that stay open and silent.</param>
sealed class Misfortune(string path, byte[] bytes, int offset, Random chance, int port, Action<TusSocket> keep)
{
    int Left => bytes.Length - offset;

    public Task MeetAsync(CancellationToken cancellationToken) => chance.Next(9) switch
    {
        0 => PartAsync(cancellationToken),
        1 => BreakOffAsync(cancellationToken),
        2 => HalfOpenAsync(cancellationToken),
        3 => RaceAsync(cancellationToken),
        4 => StaleAsync(cancellationToken),
        5 => AskMeanwhileAsync(cancellationToken),
        6 => CheckedAsync(fits: true, cancellationToken),
        7 => CheckedAsync(fits: false, cancellationToken),
        _ => TooLongAsync(cancellationToken),
    };

    byte[] Wrong(int length)
    {
        var wrong = new byte[length];
        chance.NextBytes(wrong);
        return wrong;
    }

    async Task SendAsync(int at, byte[] part, CancellationToken cancellationToken, params string[] headers)
    {
        using var socket = await TusSocket.PatchAsync(port, path, at, part.Length, cancellationToken, headers);
        await socket.SendAsync(part, cancellationToken);
        await socket.ReplyAsync(cancellationToken);
    }

    Task PartAsync(CancellationToken cancellationToken) => SendAsync(offset, bytes[offset..(offset + chance.Next(Left + 1))], cancellationToken);

    async Task BreakOffAsync(CancellationToken cancellationToken)
    {
        using var socket = await TusSocket.PatchAsync(port, path, offset, Left, cancellationToken);
        await socket.SendAsync(bytes.AsMemory(offset, chance.Next(Left + 1)), cancellationToken);
    }

    async Task HalfOpenAsync(CancellationToken cancellationToken)
    {
        var socket = await TusSocket.PatchAsync(port, path, offset, Left, cancellationToken);
        keep(socket);
        await socket.SendAsync(bytes.AsMemory(offset, chance.Next(Left + 1)), cancellationToken);
    }

    /// <summary>The same part several times at once.</summary>
    Task RaceAsync(CancellationToken cancellationToken)
    {
        var part = bytes[offset..(offset + chance.Next(Left + 1))];
        return Task.WhenAll(Enumerable.Range(0, chance.Next(2, 5)).Select(_ => SendAsync(offset, part, cancellationToken)));
    }

    /// <summary>Other bytes for where the upload does not stand, while right ones come.</summary>
    async Task StaleAsync(CancellationToken cancellationToken)
    {
        var elsewhere = chance.Next(2) == 0 && offset > 0 ? chance.Next(offset) : bytes.Length + 1 + chance.Next(100);
        await Task.WhenAll(SendAsync(elsewhere, Wrong(100), cancellationToken), PartAsync(cancellationToken));
    }

    async Task AskMeanwhileAsync(CancellationToken cancellationToken)
    {
        using var socket = await TusSocket.PatchAsync(port, path, offset, Left, cancellationToken);
        await socket.SendAsync(bytes.AsMemory(offset, chance.Next(Left + 1)), cancellationToken);
        await TusSocket.AskAsync(port, "HEAD", path, cancellationToken);
    }

    async Task CheckedAsync(bool fits, CancellationToken cancellationToken)
    {
        var part = bytes[offset..(offset + chance.Next(Left + 1))];
        var checksum = "Upload-Checksum: sha256 " + Convert.ToBase64String(SHA256.HashData(part));
        if (!fits && part.Length > 0)
        {
            part[chance.Next(part.Length)] ^= 1;
        }

        await SendAsync(offset, part, cancellationToken, checksum);
    }

    /// <summary>More than the upload has.</summary>
    Task TooLongAsync(CancellationToken cancellationToken) => SendAsync(offset, Wrong(Left + 1), cancellationToken);
}
