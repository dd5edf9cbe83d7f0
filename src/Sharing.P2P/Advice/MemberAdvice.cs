namespace Sharing.P2P;

/// <summary>What there is to say of another terminal, to the one that asked.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Load">How busy it says it is, 0 to 1.</param>
/// <param name="IsNear">The server sees both in one network: at one public address, or in one subnet.</param>
/// <param name="IsMetered">What it gives costs its owner money.</param>
public sealed record MemberAdvice(string Device, double Load = 0, bool IsNear = false, bool IsMetered = false);
