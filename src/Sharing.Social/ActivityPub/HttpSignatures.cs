using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Social;

/// <summary>Signs requests, in the way that most servers of the fediverse want (draft-cavage-http-signatures-12), and in that of RFC 9421.</summary>
static class HttpSignatures
{
    /// <summary>Signs by the draft: <c>(request-target) host date digest</c>, RSA with SHA-256.</summary>
    public static void SignByDraft(HttpRequestMessage request, string host, ReadOnlySpan<byte> body, string keyId, RSA key, DateTimeOffset now)
    {
        var date = now.ToString("R", CultureInfo.InvariantCulture);
        var lines = new List<(string Name, string Value)> { ("(request-target)", $"{request.Method.Method.ToLowerInvariant()} {request.RequestUri!.PathAndQuery}"), ("host", host), ("date", date) };
        request.Headers.TryAddWithoutValidation("Date", date);
        if (request.Method == HttpMethod.Post)
        {
            var digest = DigestOf(body);
            lines.Add(("digest", digest));
            request.Headers.TryAddWithoutValidation("Digest", digest);
        }

        var text = string.Join('\n', lines.Select(static line => $"{line.Name}: {line.Value}"));
        var signature = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        request.Headers.TryAddWithoutValidation("Signature", $"keyId=\"{keyId}\",algorithm=\"rsa-sha256\",headers=\"{string.Join(' ', lines.Select(static line => line.Name))}\",signature=\"{signature}\"");
    }

    /// <summary>Signs by RFC 9421: method, target and content's digest, RSASSA-PKCS1-v1_5 with SHA-256 (3.3.2).</summary>
    public static void SignByRfc(HttpRequestMessage request, ReadOnlySpan<byte> body, string keyId, RSA key, DateTimeOffset now)
    {
        var digest = ContentDigestOf(body);
        request.Headers.TryAddWithoutValidation("Content-Digest", digest);
        var parameters = string.Create(CultureInfo.InvariantCulture, $"(\"@method\" \"@target-uri\" \"content-digest\");created={now.ToUnixTimeSeconds()};keyid=\"{keyId}\";alg=\"rsa-v1_5-sha256\"");
        var text = $"\"@method\": {request.Method.Method}\n\"@target-uri\": {request.RequestUri!.AbsoluteUri}\n\"content-digest\": {digest}\n\"@signature-params\": {parameters}";
        request.Headers.TryAddWithoutValidation("Signature-Input", "sig1=" + parameters);
        request.Headers.TryAddWithoutValidation("Signature", $"sig1=:{Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}:");
    }

    public static string DigestOf(ReadOnlySpan<byte> body) => "SHA-256=" + Convert.ToBase64String(SHA256.HashData(body));

    public static string ContentDigestOf(ReadOnlySpan<byte> body) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";
}
