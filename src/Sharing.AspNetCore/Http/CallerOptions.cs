using System.Security.Claims;

namespace Sharing.AspNetCore;

/// <summary>Who is calling: sign-in is the host's business, this says whom it has signed in.</summary>
public sealed class CallerOptions
{
    /// <summary>The person whom the host signed in, or <c>null</c>. By default the claim <see cref="ClaimTypes.NameIdentifier"/> or <c>sub</c>.</summary>
    public Func<ClaimsPrincipal, PersonId?> Person { get; set; } = static user =>
        user.Identity?.IsAuthenticated == true && PersonId.TryParse(
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub"), out var id) ? id : null;

    /// <summary>Whether the caller is another host of the same operator, which may ask about anybody's relationships. By default nobody is.</summary>
    public Func<ClaimsPrincipal, bool> IsHost { get; set; } = static _ => false;
}
