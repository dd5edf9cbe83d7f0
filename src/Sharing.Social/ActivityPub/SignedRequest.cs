using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Social;

/// <summary>What a request that came says of its signature, read and checked as far as it goes without the key: that it covers method, target, host and body, and is not old.</summary>
/// <param name="KeyId">The key that it names.</param>
/// <param name="Text">What is signed.</param>
/// <param name="Signature">The signature.</param>
sealed record SignedRequest(Uri KeyId, byte[] Text, byte[] Signature)
{
    static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(5);

    /// <summary>Reads it.</summary>
    /// <returns>The signature, or why there is none that counts.</returns>
    public static (SignedRequest? Signed, string? Fault) Read(InboxRequest request, Uri address, TimeSpan window, DateTimeOffset now)
    {
        try
        {
            return request.Header("Signature-Input") is { } input ? ByRfc(request, input, address, window, now) : ByDraft(request, address, window, now);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException)
        {
            return (null, "The signature cannot be read.");
        }
    }

    /// <summary>Whether a key made it.</summary>
    public bool IsBy(string publicKeyPem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(publicKeyPem);
            return rsa.KeySize is >= 1024 and <= 8192 && rsa.VerifyData(Text, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return false; // a key of a kind that we do not know
        }
    }

    static (SignedRequest? Signed, string? Fault) ByDraft(InboxRequest request, Uri address, TimeSpan window, DateTimeOffset now)
    {
        if (request.Header("Signature") is not { } header)
        {
            return (null, "The request is not signed.");
        }

        var parts = Parts(header);
        if (!parts.TryGetValue("keyId", out var keyId) || !Uri.TryCreate(keyId, UriKind.Absolute, out var key) || !parts.TryGetValue("signature", out var signature))
        {
            return (null, "The signature names no key.");
        }

        if (parts.TryGetValue("algorithm", out var algorithm) && algorithm is not ("rsa-sha256" or "hs2019"))
        {
            return (null, "The signature is of a kind that is not taken here.");
        }

        var covered = (parts.GetValueOrDefault("headers") ?? "date").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isDated = covered.Contains("date") || covered.Contains("(created)");
        if (!covered.Contains("(request-target)") || !covered.Contains("host") || !covered.Contains("digest") || !isDated || covered.Distinct().Count() != covered.Length)
        {
            return (null, "The signature must cover (request-target), host, date and digest.");
        }

        if (!Same(request.Header("Host"), address.Authority) || !Digests(request.Header("Digest"), "SHA-256=", "", request.Body))
        {
            return (null, "Host or digest are not those of this request.");
        }

        DateTimeOffset? at = covered.Contains("date") ? DateTimeOffset.ParseExact(request.Header("Date") ?? "", "R", CultureInfo.InvariantCulture) : null;
        at ??= DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["created"], NumberStyles.None, CultureInfo.InvariantCulture));
        if (IsOld(at.Value, window, now) || (parts.TryGetValue("expires", out var expires) && double.Parse(expires, NumberStyles.Float, CultureInfo.InvariantCulture) < now.ToUnixTimeSeconds()))
        {
            return (null, "The signature is too old.");
        }

        var lines = covered.Select(name => name switch
        {
            "(request-target)" => $"(request-target): post {request.Target}",
            "(created)" => $"(created): {parts["created"]}",
            "(expires)" => $"(expires): {parts["expires"]}",
            _ => $"{name}: {request.Header(name) ?? throw new FormatException(name)}",
        });
        return (new(key, Encoding.UTF8.GetBytes(string.Join('\n', lines)), Convert.FromBase64String(signature)), null);
    }

    static (SignedRequest? Signed, string? Fault) ByRfc(InboxRequest request, string input, Uri address, TimeSpan window, DateTimeOffset now)
    {
        var equals = input.IndexOf('=', StringComparison.Ordinal);
        var (label, parameters) = (input[..Math.Max(0, equals)].Trim(), input[(equals + 1)..].Trim());
        var end = parameters.IndexOf(')', StringComparison.Ordinal);
        if (label.Length == 0 || end < 0 || parameters[0] != '(' || parameters.AsSpan(end).Contains('('))
        {
            return (null, "The signature cannot be read."); // several: nobody sends them to an inbox
        }

        var covered = parameters[1..end].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static one => one.Trim('"')).ToArray();
        var parts = parameters[(end + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static one => one.Split('=', 2)).Where(static one => one.Length == 2).ToDictionary(static one => one[0].Trim(), static one => one[1].Trim().Trim('"'), StringComparer.Ordinal);
        if (!parts.TryGetValue("keyid", out var keyId) || !Uri.TryCreate(keyId, UriKind.Absolute, out var key) || parts.GetValueOrDefault("alg", "rsa-v1_5-sha256") != "rsa-v1_5-sha256")
        {
            return (null, "The signature names no key, or is of a kind that is not taken here.");
        }

        var hasTarget = covered.Contains("@target-uri") || (covered.Contains("@authority") && (covered.Contains("@path") || covered.Contains("@request-target")));
        if (!covered.Contains("@method") || !hasTarget || !covered.Contains("content-digest") || covered.Distinct().Count() != covered.Length)
        {
            return (null, "The signature must cover @method, @target-uri and content-digest.");
        }

        if (!Digests(request.Header("Content-Digest"), "sha-256=:", ":", request.Body))
        {
            return (null, "The digest is not that of this request.");
        }

        if (!parts.TryGetValue("created", out var created) || IsOld(DateTimeOffset.FromUnixTimeSeconds(long.Parse(created, NumberStyles.None, CultureInfo.InvariantCulture)), window, now)
            || (parts.TryGetValue("expires", out var expires) && long.Parse(expires, NumberStyles.None, CultureInfo.InvariantCulture) < now.ToUnixTimeSeconds()))
        {
            return (null, "The signature is too old.");
        }

        var lines = covered.Select(name => $"\"{name}\": " + name switch
        {
            "@method" => "POST",
            "@target-uri" => new Uri(address, request.Target).AbsoluteUri,
            "@authority" => address.Authority.ToLowerInvariant(),
            "@scheme" => address.Scheme,
            "@path" => request.Target.Split('?')[0],
            "@request-target" => request.Target,
            "@query" => "?" + (request.Target.Split('?', 2) is [_, var query] ? query : ""),
            ['@', ..] => throw new FormatException(name),
            _ => request.Header(name) ?? throw new FormatException(name),
        });
        var signature = (request.Header("Signature") ?? "").Split(',').Select(static one => one.Trim()).FirstOrDefault(one => one.StartsWith(label + "=:", StringComparison.Ordinal)) ?? throw new FormatException(label);
        return (new(key, Encoding.UTF8.GetBytes($"{string.Join('\n', lines)}\n\"@signature-params\": {parameters}"), Convert.FromBase64String(signature[(label.Length + 2)..^1])), null);
    }

    static bool IsOld(DateTimeOffset at, TimeSpan window, DateTimeOffset now) => at < now - window || at > now + s_ahead;

    static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether one of the digests of a header is the body's.</summary>
    static bool Digests(string? header, string before, string after, byte[] body)
    {
        var right = Convert.ToBase64String(SHA256.HashData(body));
        return header?.Split(',').Any(one => one.Trim() is var part && part.StartsWith(before, StringComparison.OrdinalIgnoreCase) && part.EndsWith(after, StringComparison.Ordinal) && part[before.Length..^after.Length] == right) == true;
    }

    /// <summary>The parts of the draft's header: <c>name="value"</c>, divided by commas.</summary>
    static Dictionary<string, string> Parts(string header)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < header.Length;)
        {
            var equals = header.IndexOf('=', at);
            if (equals < 0)
            {
                break;
            }

            var name = header[at..equals].Trim(' ', ',');
            int end;
            string value;
            if (equals + 1 < header.Length && header[equals + 1] == '"')
            {
                end = header.IndexOf('"', equals + 2);
                value = end < 0 ? throw new FormatException(name) : header[(equals + 2)..end];
            }
            else
            {
                end = header.IndexOf(',', equals) is var comma and >= 0 ? comma : header.Length;
                value = header[(equals + 1)..end].Trim();
            }

            if (!parts.TryAdd(name, value))
            {
                throw new FormatException(name); // two of one name: which is meant?
            }

            at = Math.Min(header.Length, end + 1);
        }

        return parts;
    }
}
