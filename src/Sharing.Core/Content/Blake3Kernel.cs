namespace Sharing.Core;

/// <summary>The ways to compute BLAKE3, narrowest first; each also uses the narrower ones for what it leaves over.</summary>
enum Blake3Kernel
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}
