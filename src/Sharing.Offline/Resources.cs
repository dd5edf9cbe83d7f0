using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Checks what is said of a resource, and makes it ours.</summary>
static class Resources
{
    const int MaxMore = 20;
    const int MaxMoreLength = 1000;

    public static Resource Checked(Resource resource)
    {
        CheckAddress(resource.Address ?? throw Invalid("An address is missing."));
        if (resource.Length < 0)
        {
            throw Invalid("A length is not negative.");
        }

        if (resource.Name is { Length: > Resource.MaxNameLength })
        {
            throw Invalid($"A name has at most {Resource.MaxNameLength} characters.");
        }

        if (resource.MediaType is { } type && (type.Length > 200 || !Ascii.IsValid(type) || !MediaTypeHeaderValue.TryParse(type, out _)))
        {
            throw Invalid("That is not a media type.");
        }

        if (resource.More is { } more && (more.Count > MaxMore || more.Any(m => m.Key.Length > 100 || m.Value is not { Length: <= MaxMoreLength })))
        {
            throw Invalid($"At most {MaxMore} further values of {MaxMoreLength} characters.");
        }

        return resource with { Name = NameOf(resource) };
    }

    public static void CheckPage(int count)
    {
        if (count is < 1 or > 100)
        {
            throw Invalid("A page has 1 to 100 posts.");
        }
    }

    public static void CheckAddress(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.OriginalString.Length > Resource.MaxAddressLength)
        {
            throw Invalid($"An address is an absolute http or https address of at most {Resource.MaxAddressLength} characters.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw Invalid("An address must not carry a user name or password.");
        }

        try
        {
            _ = address.IdnHost;
        }
        catch (UriFormatException)
        {
            throw Invalid("An address must have a host that can be looked up."); // Uri finds that out only when it is asked
        }
    }

    /// <summary>A caller's key as a part of a record's key: of a length that always fits.</summary>
    public static string KeyPart(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether two sets of further values say the same.</summary>
    public static bool IsSame(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left ?? new Dictionary<string, string>()).All(one => right!.TryGetValue(one.Key, out var value) && value == one.Value);

    static string NameOf(Resource resource) => FileName.From(resource.Name) ?? FileName.Of(resource.Address);

    public static SharingException Invalid(string message) => new(ProblemCodes.InvalidInput, message);
}
