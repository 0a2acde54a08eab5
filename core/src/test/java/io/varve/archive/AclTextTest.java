package io.varve.archive;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AclTextTest {
    /** What "setfacl -m u:4000000000:r-x,g:5:-w-" makes the kernel keep for a file of mode 0640. */
    private static final String KERNEL = "02000000" + "01000600ffffffff" + "02000500" + "00286bee" + "04000400ffffffff"
            + "0800020005000000" + "10000700ffffffff" + "20000000ffffffff";

    private static final String TEXT = "user::rw-,user:4000000000:r-x,group::r--,group:5:-w-,mask::rwx,other::---";

    @Test
    void theKernelsFormBecomesTextAndBack() {
        byte[] kernel = HexFormat.of().parseHex(KERNEL);

        assertThat(AclText.format(kernel)).contains(TEXT);
        assertThat(parse(TEXT)).hasValue(kernel);
    }

    @Test
    void entriesMayComeInAnyOrderAndShort() {
        assertThat(parse("other:-\nm:rwx\ng:5:-w-\nuser:some one:r-x:4000000000\n\nu::rw-  \t# owner\ngroup:r--"))
                .hasValue(HexFormat.of().parseHex(KERNEL));
    }

    @Test
    void aNameWithoutANumberIsNotGuessed() {
        assertThat(parse("user::rw-,user:alice:r-x,group::r--,mask::rwx,other::---"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "a:b:c:d:e",
                "nobody::rwx",
                "user::rwz,group::r--,other::---",
                "user::rwx,group::r-x",
                "user::rwx,group::r-x,other::---,other::---",
                "user::rwx,user:5:rwx,group::r-x,other::---",
                "user::rwx,group::r-x,other:5:---"
            })
    void whatIsNoAclIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "01000000",
                "0200000001000600",
                "02000000ff000600ffffffff",
                "0200000001000800ffffffff",
                "020000000100060005000000"
            })
    void otherBytesHaveNoText(String hex) {
        assertThat(AclText.format(HexFormat.of().parseHex(hex))).isEmpty();
    }

    private static Optional<byte[]> parse(String text) {
        return AclText.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
