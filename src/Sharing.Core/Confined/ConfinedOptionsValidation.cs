using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Collects every error of <see cref="ConfinedOptions"/>.</summary>
sealed class ConfinedOptionsValidation : IValidateOptions<ConfinedOptions>
{
    const long Mebibyte = 1L << 20;

    public ValidateOptionsResult Validate(string? name, ConfinedOptions options)
    {
        var errors = new List<string>();
        Between(options.MemoryBytes, Mebibyte, 1L << 50, nameof(options.MemoryBytes));
        Between(options.OutputBytes, 1, 1L << 50, nameof(options.OutputBytes));
        Between(options.ScratchBytes, Mebibyte, 1L << 50, nameof(options.ScratchBytes));
        Between((long)options.CpuTime.TotalSeconds, 1, 86_400, $"{nameof(options.CpuTime)} in seconds");
        Between((long)options.WallTime.TotalMilliseconds, 1, 86_400_000, $"{nameof(options.WallTime)} in milliseconds");
        Between(options.Processes, 1, 100_000, nameof(options.Processes));
        Between(options.OpenFiles, 16, 1_000_000, nameof(options.OpenFiles));
        Between(options.LogBytes, 0, 64 * Mebibyte, nameof(options.LogBytes));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Between(long value, long least, long most, string what)
        {
            if (value < least || value > most)
            {
                errors.Add($"{what} is from {least} to {most}, not {value}.");
            }
        }
    }
}
