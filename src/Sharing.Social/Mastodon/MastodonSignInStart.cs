namespace Sharing.Social;

/// <summary>A sign-in that has begun.</summary>
/// <param name="Address">Where the person is sent.</param>
/// <param name="State">What he must come back with.</param>
/// <param name="Verifier">A secret that shows that who exchanges the code is who began; never leaves the host before.</param>
public sealed record MastodonSignInStart(Uri Address, string State, string Verifier)
{
    /// <inheritdoc/>
    public override string ToString() => Address.GetLeftPart(UriPartial.Path);
}
